package io.acclimate.adapt.divergence;

import io.acclimate.core.FloatTensor;
import io.acclimate.infer.Scores;
import io.acclimate.onnx.card.ModelCard;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether training has failed by its answers to new samples, before it learns from them. They are compared with the active
 * version's answers to the same samples instead of with the loss at the start of training, since a stream that becomes hard is hard for
 * both. There are two signs:
 *
 * <ul>
 *   <li>Its loss is no number, or exceeds the active version's loss by more than that loss again and by more than half of the loss of
 *       guessing, {@code ½ · ln classes}. With fewer than {@value #ENOUGH} samples, it must exceed it by as many times more as samples are
 *       missing: the loss of a single sample is often that far above another model's, while diverged training is further off.
 *   <li>It predicts one class for all samples, of several classes, with no more of them right than the active version, which predicts
 *       several. A network that has lost all its units ends like this, and its loss may be below that of a version that is confidently wrong.
 * </ul>
 */
public final class Divergence {
    /** In fewer samples one class, or a large loss, may be chance. */
    private static final int ENOUGH = 8;

    private static final double SMALLEST_PROBABILITY = 1e-7;

    private Divergence() {}

    /**
     * What speaks for failed training; empty when nothing does.
     *
     * @param labels of the rows of both outputs
     */
    public static Optional<String> sign(
            ModelCard card, FloatTensor training, FloatTensor active, List<Integer> labels) {
        double loss = loss(card, training, labels);
        double activeLoss = loss(card, active, labels);
        int classes = card.classes().count();
        double few = Math.max(1, ENOUGH / (double) labels.size());
        if (!(loss <= activeLoss + few * Math.max(activeLoss, StrictMath.log(classes) / 2))) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "its loss on new samples is %.3f, and that of the active version is %.3f",
                    loss,
                    activeLoss));
        }
        boolean constant = labels.size() >= ENOUGH
                && new HashSet<>(labels).size() > 1
                && classes(training, labels.size()).size() == 1
                && classes(active, labels.size()).size() > 1
                && hits(training, labels) <= hits(active, labels);
        return constant
                ? Optional.of("it predicts one class for all of " + labels.size() + " new samples of "
                        + new HashSet<>(labels).size() + " classes")
                : Optional.empty();
    }

    private static Set<Integer> classes(FloatTensor outputs, int rows) {
        Set<Integer> named = new HashSet<>();
        for (int i = 0; i < rows; i++) {
            named.add(Scores.best(outputs, i));
        }
        return named;
    }

    private static int hits(FloatTensor outputs, List<Integer> labels) {
        int hits = 0;
        for (int i = 0; i < labels.size(); i++) {
            hits += Scores.best(outputs, i) == labels.get(i) ? 1 : 0;
        }
        return hits;
    }

    /** The mean of {@code −log p}, the cross-entropy, where p is the probability of a row's label. */
    static double loss(ModelCard card, FloatTensor outputs, List<Integer> labels) {
        boolean logits = card.outputKind() == ModelCard.OutputKind.LOGITS;
        int width = Math.toIntExact(outputs.shape().tail().elements());
        double sum = 0;
        for (int i = 0; i < labels.size(); i++) {
            double score = outputs.values()[i * width + labels.get(i)];
            sum += logits
                    ? logOfSum(outputs.values(), i * width, width) - score
                    : -StrictMath.log(Math.max(score, SMALLEST_PROBABILITY));
        }
        return sum / labels.size();
    }

    private static double logOfSum(float[] logits, int from, int count) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            highest = Math.max(highest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += StrictMath.exp(logits[i] - highest);
        }
        return highest + StrictMath.log(sum);
    }
}
