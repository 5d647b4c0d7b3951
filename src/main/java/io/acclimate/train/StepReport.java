package io.acclimate.train;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one adaptation step did. Terms are unweighted; one that was not asked for, or had no rows, is NaN.
 *
 * @param target cross-entropy of the target rows
 * @param source loss of the source rows: cross-entropy, or the divergence from the source model's answers
 * @param align distance of source and target features, as its kind measures it
 * @param l2sp squared distance of the weights from the source model's
 * @param distill divergence from the source model on the target rows
 * @param gradientNorm before clipping
 * @param skipped a loss, a gradient or a new weight was not finite, and nothing changed
 */
public record StepReport(
        double total,
        double target,
        double source,
        double align,
        double l2sp,
        double distill,
        double gradientNorm,
        boolean skipped) {
    /** The terms that were computed, by name, with {@code total}. */
    public Map<String, Double> losses() {
        Map<String, Double> losses = new TreeMap<>(Map.of(
                "total", total, "target", target, "source", source, "align", align, "l2sp", l2sp, "distill", distill));
        losses.entrySet().removeIf(each -> !each.getKey().equals("total") && Double.isNaN(each.getValue()));
        return losses;
    }

    StepReport asSkipped() {
        return new StepReport(total, target, source, align, l2sp, distill, gradientNorm, true);
    }
}
