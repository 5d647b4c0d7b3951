package io.acclimate.adapt.domain;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one mini-batch or command, which one transaction writes.
 *
 * @param published the new version, when a candidate was promoted
 * @param stepTimes how long each step took
 */
public record Round(
        List<AdaptationEvent> events,
        List<Dropped> dropped,
        Optional<NewVersion> published,
        Optional<Activation> activation,
        Saved saved,
        List<Duration> stepTimes) {

    /** The checkpoint of the domain after the round. */
    public sealed interface Saved {
        long generation();

        record Snapshot(Checkpoint whole, long generation) implements Saved {}

        /** Only what happened since the last snapshot. */
        record Since(Progress progress, long generation) implements Saved {}
    }

    /** A sample that cannot be used. */
    public record Dropped(LabelledSample sample, Refusal refusal) {}

    public record NewVersion(VersionId id, long parent, WeightDelta weights, Map<String, String> provenance) {}
}
