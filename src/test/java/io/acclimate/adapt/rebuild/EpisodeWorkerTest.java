package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rebuild.Episode.Step;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.DomainId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.registry.NoVersions;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Progress;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EpisodeWorkerTest {
    @Test
    void aKillLeavesTheEffortOfEachRoundSinceTheSnapshot() throws Exception {
        try (EpisodeWorker worker = new EpisodeWorker(
                DomainId.DEFAULT,
                AdaptSettings.defaults(),
                BiasModel.graph(),
                Optional.empty(),
                new RebuiltVersions(new NoVersions(), new TreeMap<>()),
                new ImageDecoder(ImageLimits.defaults()))) {
            StateCodec.Restored snapshot = worker.stoppedState();

            StateCodec.Restored left = worker.killedState(
                    snapshot, List.of(new Step.Learn(11, Effort.FULL), new Step.Learn(12, new Effort(3))));

            Progress progress = left.progress().orElseThrow();
            assertThat(progress.getMiniBatchesList()).containsExactly(11L, 12L);
            assertThat(progress.getHalvingsList()).containsExactly(0, 3);
        }
    }
}
