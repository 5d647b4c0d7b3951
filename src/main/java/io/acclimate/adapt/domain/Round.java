package io.acclimate.adapt.domain;

import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one mini-batch or command. One transaction writes all of it.
 *
 * @param published the new version, when a candidate was promoted
 * @param changes of earlier versions
 * @param stepTimes how long each step took
 */
public record Round(
        List<AdaptationEvent> events,
        List<Dropped> dropped,
        Optional<NewVersion> published,
        Optional<Activation> activation,
        Changes changes,
        Saved saved,
        List<Duration> stepTimes) {

    /** A round that changes nothing of earlier versions. */
    public Round(
            List<AdaptationEvent> events,
            List<Dropped> dropped,
            Optional<NewVersion> published,
            Optional<Activation> activation,
            Saved saved,
            List<Duration> stepTimes) {
        this(events, dropped, published, activation, Changes.NONE, saved, stepTimes);
    }

    /** The answer to a command that changed no more than the records of versions. */
    static Round answered(AdaptationEvent.Controlled event, Changes changes, Saved saved) {
        return new Round(List.of(event), List.of(), Optional.empty(), Optional.empty(), changes, saved, List.of());
    }

    /**
     * What becomes of earlier versions.
     *
     * @param removed those that retention does not keep
     * @param rewritten the record of a version that an operator has pinned, unpinned or noted
     */
    public record Changes(List<RemovedVersion> removed, Optional<ModelVersion> rewritten) {
        public static final Changes NONE = new Changes(List.of(), Optional.empty());

        public Changes {
            removed = List.copyOf(removed);
        }
    }

    /** The checkpoint of the domain after the round. */
    public sealed interface Saved {
        long generation();

        record Snapshot(Checkpoint whole, long generation) implements Saved {}

        /** Only what happened since the last snapshot. */
        record Since(Progress progress, long generation) implements Saved {}
    }

    /** A sample that cannot be used. */
    public record Dropped(LabelledSample sample, Refusal refusal) {}

    /**
     * A version that the gate has promoted.
     *
     * @param temperature divides its logits before they become probabilities
     */
    public record NewVersion(
            VersionId id, long parent, WeightDelta weights, Map<String, String> provenance, double temperature) {
        /** A version with the model's own probabilities. */
        public NewVersion(VersionId id, long parent, WeightDelta weights, Map<String, String> provenance) {
            this(id, parent, weights, provenance, 1);
        }
    }

    /** What a mini-batch led to, before it is known how the checkpoint is written. */
    record Learnt(
            List<AdaptationEvent> events,
            List<Dropped> dropped,
            Optional<NewVersion> published,
            Optional<Activation> activation,
            List<RemovedVersion> removed,
            List<Duration> times) {
        Learnt {
            events = List.copyOf(events);
            dropped = List.copyOf(dropped);
            removed = List.copyOf(removed);
            times = List.copyOf(times);
        }

        /** Nothing happened to the labels. */
        static Learnt leftOut(MiniBatch batch, Instant at) {
            return of(
                    List.of(new AdaptationEvent.LeftOut(
                            batch.domain(),
                            at,
                            batch.sequence(),
                            batch.samples().size())),
                    Optional.empty());
        }

        /** What happened to images that led to no version. */
        static Learnt of(List<AdaptationEvent> events, Optional<Activation> activation) {
            return new Learnt(events, List.of(), Optional.empty(), activation, List.of(), List.of());
        }
    }
}
