package io.acclimate.adapt;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.gate.Evidence;
import io.acclimate.gate.Gate;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import io.acclimate.infer.ModelSession;
import java.util.List;
import java.util.Optional;

/** Runs a candidate on the holdout and on source samples beside the active version and the source model. One thread. */
record Judge(Models models, Retention retention, Holdout holdout, GateSettings settings) {
    record Verdict(Evidence evidence, GateDecision decision) {}

    Verdict judge(ModelSession candidate, ModelSession active) {
        Evidence evidence = evidence(candidate, active);
        return new Verdict(evidence, Gate.decide(evidence, settings));
    }

    private Evidence evidence(ModelSession candidate, ModelSession active) {
        if (holdout.size() == 0) {
            return new Evidence(Paired.NONE, Paired.NONE, Optional.empty(), true, 0, 0);
        }
        List<Integer> labels =
                holdout.samples().stream().map(Sample::classIndex).toList();
        FloatTensor rows = holdout.rows();
        Models.Predicted predicted = Models.predict(candidate, rows);
        boolean[] hits = predicted.hits(labels);
        boolean[] sourceHits = Models.predict(models.source(), rows).hits(labels);
        boolean[] activeHits = active == models.source()
                ? sourceHits
                : Models.predict(active, rows).hits(labels);
        return new Evidence(
                Paired.of(hits, activeHits),
                Paired.of(hits, sourceHits),
                retention.judge(candidate),
                predicted.finite(),
                (int) predicted.classes().stream().distinct().count(),
                holdout.labelledClasses());
    }
}
