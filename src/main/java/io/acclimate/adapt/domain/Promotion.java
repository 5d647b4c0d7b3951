package io.acclimate.adapt.domain;

import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.adapt.versions.Publishing;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.gate.Evidence;
import io.acclimate.infer.Calibration;
import io.acclimate.onnx.WeightDelta;
import java.time.Instant;
import java.util.Optional;

/**
 * Has the average of the weights judged after a round, and makes a version of it when the gate promotes it and the pace of versions lets
 * it. Training continues from the candidate whatever becomes of it. One thread.
 */
final class Promotion {
    private final DomainId domain;
    private final Judge judge;
    private final Holdout holdout;
    private final ActiveVersion active;
    private final Proving proving;
    private final Position position;
    private final Publishing publishing;
    private final Provenance.Maker provenance;
    private final DriftDetector drift;

    Promotion(
            DomainId domain,
            Judge judge,
            Holdout holdout,
            ActiveVersion active,
            Proving proving,
            Position position,
            Publishing publishing,
            Provenance.Maker provenance,
            DriftDetector drift) {
        this.domain = domain;
        this.judge = judge;
        this.holdout = holdout;
        this.active = active;
        this.proving = proving;
        this.position = position;
        this.publishing = publishing;
        this.provenance = provenance;
        this.drift = drift;
    }

    /**
     * What the gate said, and the version that it led to.
     *
     * @param calibrated when a temperature was fitted for the version
     */
    record Result(
            AdaptationEvent.Judged event,
            Optional<AdaptationEvent.Calibrated> calibrated,
            Optional<Round.NewVersion> version,
            Optional<Activation> activation) {}

    /** The first version of all does not wait for the pace of versions. Judging is a quarter of a round, so it is done when it may lead to one. */
    boolean isDue() {
        return position.lineage().active() == VersionId.SOURCE || publishing.isDue();
    }

    /** @param offset of the mini-batch's record */
    Result judge(Instant now, MiniBatch batch, long offset) {
        WeightDelta weights = active.trainer().average();
        long before = position.lineage().active();
        VersionId id = position.lineage().candidate();
        double stepScale = position.stepSize().scale();
        publishing.judged();
        Judge.Verdict verdict = judge.judge(active.candidate(), active.session(), before, proving::missing);
        Evidence evidence = verdict.evidence();
        GateDecision decision = paced(verdict);
        AdaptationEvent.Judged event = new AdaptationEvent.Judged(
                domain,
                now,
                id.number(),
                before,
                decision,
                evidence.active().candidateAccuracy(),
                evidence.active().baselineAccuracy(),
                evidence.source().baselineAccuracy(),
                holdout.size());
        if (!(decision instanceof GateDecision.Promote)) {
            return new Result(event, Optional.empty(), Optional.empty(), Optional.empty());
        }
        judge.promoted(verdict, id.number());
        Calibration calibration = judge.calibration(active.candidate(), verdict, drift);
        publishing.published(id, weights, position.samplesSeen());
        active.promote();
        proving.promoted();
        Activation activation = position.activate(id.number(), Activation.Cause.PROMOTE, "promoted by the gate", now);
        return new Result(
                event,
                Optional.of(calibration)
                        .filter(Calibration::isFitted)
                        .map(fitted -> new AdaptationEvent.Calibrated(
                                domain,
                                now,
                                id.number(),
                                fitted.temperature(),
                                fitted.samples(),
                                fitted.errorBefore(),
                                fitted.errorAfter())),
                Optional.of(new Round.NewVersion(
                        id,
                        before,
                        weights,
                        provenance.of(batch, offset, position.samplesSeen(), stepScale, event, calibration),
                        calibration.temperature())),
                Optional.of(activation));
    }

    /** Training continues from a candidate that is not worth a version yet. The first version of all does not wait. */
    private GateDecision paced(Judge.Verdict verdict) {
        GateDecision decision = position.lineage().active() == VersionId.SOURCE
                ? verdict.decision()
                : publishing.paced(verdict.decision(), verdict.evidence().active(), position.samplesSeen());
        if (!decision.equals(verdict.decision())) {
            position.passed();
        }
        return decision;
    }
}
