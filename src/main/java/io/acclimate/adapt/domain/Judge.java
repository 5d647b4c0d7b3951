package io.acclimate.adapt.domain;

import io.acclimate.core.GateDecision;
import io.acclimate.gate.Evidence;
import io.acclimate.gate.Gate;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import io.acclimate.infer.ModelSession;
import java.util.List;
import java.util.Optional;

/** Runs a candidate on the holdout and on source samples beside the active version and the source model. One thread. */
record Judge(BaseModel models, SourceSet retention, Holdout holdout, GateSettings settings) {
    private static final int PROOF = 16;
    private static final double SERVED_Z = 3;

    record Verdict(Evidence evidence, GateDecision decision) {}

    /** A candidate that is promoted and has as many samples right as the best so far is the best from now on. */
    Verdict judge(ModelSession candidate, ModelSession active) {
        if (holdout.size() == 0) {
            Evidence none = new Evidence(Paired.NONE, Paired.NONE, Optional.empty(), true, 0, 0);
            return new Verdict(none, Gate.decide(none, settings));
        }
        BaseModel.Predicted predicted = BaseModel.predict(candidate, holdout.rows());
        boolean[] hits = predicted.hits(labels());
        boolean[] sourceHits = hits(models.source());
        boolean[] activeHits = active == models.source() ? sourceHits : hits(active);
        Evidence evidence = new Evidence(
                Paired.of(hits, activeHits),
                Paired.of(hits, sourceHits),
                Paired.of(hits, holdout.best()),
                retention.judge(candidate),
                predicted.finite(),
                distinct(predicted),
                holdout.labelledClasses());
        GateDecision decision = Gate.decide(evidence, settings);
        if (decision instanceof GateDecision.Promote && BaseModel.count(hits) >= BaseModel.count(holdout.best())) {
            holdout.setBest(hits);
        }
        return new Verdict(evidence, decision);
    }

    /** A version that was chosen, by an operator or by the guard, is what candidates are compared with from now on. */
    void chosen(ModelSession active) {
        if (holdout.size() > 0) {
            holdout.setBest(hits(active));
        }
    }

    /**
     * What the holdout knows against a version that serves; empty when it knows nothing. Stricter than the gate: only a loss of three
     * standard errors counts, since a version that serves was let through once, and to go back costs what was learnt since.
     */
    Optional<String> fault(ModelSession served) {
        if (served == models.source() || holdout.size() == 0) {
            return Optional.empty();
        }
        BaseModel.Predicted predicted = BaseModel.predict(served, holdout.rows());
        Paired source = Paired.of(predicted.hits(labels()), hits(models.source()));
        Evidence evidence = new Evidence(
                source,
                source,
                retention.judge(served),
                predicted.finite(),
                distinct(predicted),
                holdout.labelledClasses());
        GateSettings proven = new GateSettings(PROOF, settings.tolerance(), SERVED_Z, settings.maxSourceDrop());
        return Gate.decide(evidence, proven) instanceof GateDecision.Reject reject
                ? Optional.of(String.join("; ", reject.reasons()))
                : Optional.empty();
    }

    private List<Integer> labels() {
        return holdout.samples().stream().map(ReplaySample::classIndex).toList();
    }

    private boolean[] hits(ModelSession session) {
        return BaseModel.predict(session, holdout.rows()).hits(labels());
    }

    private static int distinct(BaseModel.Predicted predicted) {
        return (int) predicted.classes().stream().distinct().count();
    }
}
