package io.acclimate.gate;

import java.util.List;
import java.util.Optional;

/**
 * What is known about a candidate. All of it comes from samples that were never trained on.
 *
 * @param active candidate and active version on the target holdout
 * @param source candidate and source model on the target holdout
 * @param best candidate and the best version so far on the target holdout; a sample that came later counts as right when the version
 *     that was active then had it right
 * @param retained candidate and source model on source samples; empty without a source set
 * @param finite whether every score of the candidate is a finite number
 * @param predictedClasses how many classes the candidate predicts on the holdout
 * @param labelledClasses how many classes the holdout's labels have
 * @param unproven what a {@link Proof} lacks; empty when it holds, or is not asked for
 */
public record Evidence(
        Paired active,
        Paired source,
        Paired best,
        Optional<Paired> retained,
        boolean finite,
        int predictedClasses,
        int labelledClasses,
        List<String> unproven) {
    public Evidence {
        unproven = List.copyOf(unproven);
    }

    /** Without a best version to compare with. */
    public Evidence(
            Paired active,
            Paired source,
            Optional<Paired> retained,
            boolean finite,
            int predictedClasses,
            int labelledClasses) {
        this(active, source, Paired.NONE, retained, finite, predictedClasses, labelledClasses, List.of());
    }
}
