package io.acclimate.adapt.domain;

import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
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
    private final DomainState state;
    private final Judge judge;
    private final Provenance.Maker provenance;

    Promotion(DomainState state, Judge judge, Provenance.Maker provenance) {
        this.state = state;
        this.judge = judge;
        this.provenance = provenance;
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
        return state.position.lineage().active() == VersionId.SOURCE || state.publishing.isDue();
    }

    /** @param offset of the mini-batch's record */
    Result judge(Instant now, MiniBatch batch, long offset) {
        WeightDelta weights = state.active.trainer().average();
        long before = state.position.lineage().active();
        VersionId id = state.position.lineage().candidate();
        double stepScale = state.position.stepSize().scale();
        state.publishing.judged();
        Judge.Verdict verdict =
                judge.judge(state.active.candidate(), state.active.session(), before, state.proving::missing);
        Evidence evidence = verdict.evidence();
        GateDecision decision = paced(verdict);
        AdaptationEvent.Judged event = new AdaptationEvent.Judged(
                state.domain,
                now,
                id.number(),
                before,
                decision,
                evidence.active().candidateAccuracy(),
                evidence.active().baselineAccuracy(),
                evidence.source().baselineAccuracy(),
                state.holdout.size());
        if (!(decision instanceof GateDecision.Promote)) {
            return new Result(event, Optional.empty(), Optional.empty(), Optional.empty());
        }
        judge.promoted(verdict, id.number());
        Calibration calibration = judge.calibration(state.active.candidate(), verdict, state.drift);
        state.publishing.published(id, weights, state.position.samplesSeen());
        state.active.promote();
        state.proving.promoted();
        Activation activation =
                state.position.activate(id.number(), Activation.Cause.PROMOTE, "promoted by the gate", now);
        return new Result(
                event,
                Optional.of(calibration)
                        .filter(Calibration::isFitted)
                        .map(fitted -> new AdaptationEvent.Calibrated(
                                state.domain,
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
                        provenance.of(batch, offset, state.position.samplesSeen(), stepScale, event, calibration),
                        calibration.temperature())),
                Optional.of(activation));
    }

    /** Training continues from a candidate that is not worth a version yet. The first version of all does not wait. */
    private GateDecision paced(Judge.Verdict verdict) {
        GateDecision decision = state.position.lineage().active() == VersionId.SOURCE
                ? verdict.decision()
                : state.publishing.paced(verdict.decision(), verdict.evidence().active(), state.position.samplesSeen());
        if (!decision.equals(verdict.decision())) {
            state.position.passed();
        }
        return decision;
    }
}
