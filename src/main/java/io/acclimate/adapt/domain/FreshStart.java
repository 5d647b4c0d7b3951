package io.acclimate.adapt.domain;

import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins a domain afresh from the source model: nothing that was learnt or kept is used any more. One thread. */
final class FreshStart {
    private static final Logger LOG = LoggerFactory.getLogger(FreshStart.class);

    private final DomainId domain;
    private final Position position;
    private final ActiveVersion active;
    private final ServedVersion serving;
    private final Aligning aligning;
    private final Holdout holdout;
    private final ReplayBuffer replay;
    private final Proving proving;
    private final DriftDetector drift;

    FreshStart(
            DomainId domain,
            Position position,
            ActiveVersion active,
            ServedVersion serving,
            Aligning aligning,
            Holdout holdout,
            ReplayBuffer replay,
            Proving proving,
            DriftDetector drift) {
        this.domain = domain;
        this.position = position;
        this.active = active;
        this.serving = serving;
        this.aligning = aligning;
        this.holdout = holdout;
        this.replay = replay;
        this.proving = proving;
        this.drift = drift;
    }

    /**
     * What happened.
     *
     * @param pointer what serving is told; empty when what serves stays as it is
     */
    record Result(List<AdaptationEvent> events, Optional<Activation> pointer) {
        Result {
            events = List.copyOf(events);
        }
    }

    /** While the source model is active, training that is proven worse than it gives up what was learnt and kept. */
    AdaptationEvent ofTraining(String why, MiniBatch batch, Instant now) {
        forget();
        LOG.warn("domain {} begins afresh from the source model, which is active: {}", domain, why);
        return new AdaptationEvent.Reset(domain, now, batch.sequence(), VersionId.SOURCE, why);
    }

    /** The source model is active again in place of the active version. */
    Result inPlaceOfTheActiveVersion(MiniBatch next, String why, Instant now) {
        long before = position.lineage().active();
        forget();
        LOG.warn(
                "domain {} begins afresh: the source model is active again instead of version {}: {}",
                domain,
                before,
                why);
        Activation activation = position.activate(VersionId.SOURCE, Activation.Cause.ROLLBACK, why, now);
        ServedVersion.Change change = serving.changed(activation, before, now);
        return new Result(
                List.of(new AdaptationEvent.Reset(domain, now, next.sequence(), before, why), change.event()),
                change.pointer());
    }

    private void forget() {
        aligning.refuse();
        active.become(VersionId.SOURCE, WeightDelta.EMPTY);
        holdout.clear();
        replay.clear();
        proving.afresh();
        drift.afresh();
    }
}
