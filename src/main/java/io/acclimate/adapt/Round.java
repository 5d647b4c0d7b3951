package io.acclimate.adapt;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one mini-batch or command leads to, and what one transaction writes.
 *
 * @param published the new version, when it was promoted
 * @param stepTimes of the round's steps
 */
record Round(
        List<AdaptationEvent> events,
        List<Dropped> dropped,
        Optional<NewVersion> published,
        Optional<Activation> activation,
        Checkpoint checkpoint,
        long generation,
        List<Duration> stepTimes) {

    /** A sample that cannot be used. */
    record Dropped(LabelledSample sample, Refusal refusal) {}

    record NewVersion(VersionId id, long parent, WeightDelta weights, Map<String, String> provenance) {}
}
