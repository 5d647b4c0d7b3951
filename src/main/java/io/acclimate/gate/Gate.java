package io.acclimate.gate;

import io.acclimate.core.GateDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges a candidate by a paired test of non-inferiority (McNemar's: only the samples count on which two models differ). With
 * {@code b} samples that only the other model gets right and {@code c} that only the candidate does, the difference of n paired
 * samples has a standard error of about √(b + c), so the candidate is worse when
 *
 * <pre>b − c &gt; tolerance · n + z · √(b + c)</pre>
 *
 * A candidate must not be worse than the active version or the source model, and not by more than two standard errors or 8 points worse
 * than the best version so far. The last rule keeps a long series of small losses, each within the noise, from adding up, as a stream of
 * wrong labels causes them. Its bound is two standard errors instead of z, since the best of many versions is best by luck, too.
 *
 * <p>A small holdout thus promotes what is not clearly worse, and adaptation starts with the first mini-batches. As the holdout grows,
 * smaller losses are found. That protects nobody from labels that say nothing, since all models are alike on them. The {@link Proof} that
 * the candidates beat the source model therefore comes first, unless the rule is {@link GateSettings.Rule#NON_INFERIOR}. The price of
 * the comparison with the best version: when the same images get other labels, rightly or by an attack, the gate follows only when a
 * third to a half of the holdout has the new labels. From then on it does not protect.
 */
public final class Gate {
    private Gate() {}

    public static GateDecision decide(Evidence evidence, GateSettings settings) {
        if (!evidence.finite()) {
            return new GateDecision.Reject(List.of("the candidate's scores are not finite"));
        }
        int samples = evidence.active().samples();
        if (samples < settings.minimumHoldout()) {
            return new GateDecision.Defer(
                    List.of("the holdout has " + samples + " samples of at least " + settings.minimumHoldout()));
        }
        if (!evidence.unproven().isEmpty()) {
            return new GateDecision.Defer(evidence.unproven());
        }
        List<String> reasons = new ArrayList<>();
        if (samples >= GateSettings.CONSTANT_FROM
                && evidence.labelledClasses() > 1
                && evidence.predictedClasses() == 1) {
            reasons.add("the candidate predicts one class for all " + samples + " holdout samples of "
                    + evidence.labelledClasses() + " classes");
        }
        compare("the active version", evidence.active(), settings.tolerance(), settings.z(), reasons);
        compareWithBest(evidence.best(), settings.tolerance(), reasons);
        compare("the source model", evidence.source(), settings.tolerance(), settings.z(), reasons);
        evidence.retained()
                .ifPresent(retained -> compare(
                        "the source model on source samples",
                        retained,
                        settings.maxSourceDrop(),
                        settings.z(),
                        reasons));
        return reasons.isEmpty() ? new GateDecision.Promote() : new GateDecision.Reject(reasons);
    }

    private static void compareWithBest(Paired best, double tolerance, List<String> reasons) {
        double allowed = allowed(best, tolerance, GateSettings.BEST_Z);
        judge(
                "the best version so far",
                best,
                best.samples() < GateSettings.BEST_DROP_FROM
                        ? allowed
                        : Math.min(allowed, GateSettings.BEST_DROP * best.samples()),
                reasons);
    }

    private static void compare(String other, Paired paired, double tolerance, double z, List<String> reasons) {
        judge(other, paired, allowed(paired, tolerance, z), reasons);
    }

    private static double allowed(Paired paired, double tolerance, double z) {
        return tolerance * paired.samples() + z * Math.sqrt(paired.discordant());
    }

    private static void judge(String other, Paired paired, double allowed, List<String> reasons) {
        if (paired.deficit() > allowed) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "accuracy %.4f is below %.4f of %s: %d of %d samples lost, %.1f allowed",
                    paired.candidateAccuracy(),
                    paired.baselineAccuracy(),
                    other,
                    paired.deficit(),
                    paired.samples(),
                    allowed));
        }
    }
}
