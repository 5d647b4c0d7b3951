package io.acclimate.infer;

import io.acclimate.core.ClassNames;
import io.acclimate.core.ClassScore;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns the model's raw output {@code [rows, classes] float32} into classes with probabilities. A temperature above 1 makes them less
 * confident and one below 1 more so; the order of the classes stays. Immutable; any thread.
 */
public final class Scores {
    private final OutputKind kind;
    private final ClassNames classes;
    private final double temperature;
    private final int topK;

    /** @param topK the number of classes that {@link #top} returns, unless the model has fewer */
    public Scores(ModelCard card, int topK) {
        this(card, 1, topK);
    }

    /**
     * Probabilities with a temperature.
     *
     * @param temperature divides the logits; 1 gives the model's own probabilities
     * @param topK the number of classes that {@link #top} returns, unless the model has fewer
     */
    public Scores(ModelCard card, double temperature, int topK) {
        this(card.outputKind(), card.classes(), temperature, topK);
    }

    Scores(OutputKind kind, ClassNames classes, int topK) {
        this(kind, classes, 1, topK);
    }

    private Scores(OutputKind kind, ClassNames classes, double temperature, int topK) {
        if (topK < 1) {
            throw new IllegalArgumentException("top-k starts at 1, got " + topK);
        }
        this.kind = kind;
        this.classes = classes;
        this.temperature = temperature;
        this.topK = Math.min(topK, classes.count());
    }

    /**
     * Whether each score of a row is a number that is finite. Otherwise it has no probabilities: the other methods would give the first
     * class and NaN. A sum in double precision tells it without a branch for each score, since finite floats do not overflow it.
     */
    public static boolean finite(FloatTensor output, int row) {
        int count = output.shape().extent(1);
        float[] values = output.values();
        double sum = 0;
        for (int i = row * count; i < (row + 1) * count; i++) {
            sum += values[i];
        }
        return Double.isFinite(sum);
    }

    /** The best classes of a row, most confident first. Among equal scores the lower index comes first. */
    public List<ClassScore> top(FloatTensor output, int row) {
        int count = classes.count();
        float[] values = output.values();
        int from = row * count;
        int[] best = new int[topK];
        int filled = 0;
        for (int i = 0; i < count; i++) {
            float value = values[from + i];
            if (filled == topK && !(value > values[from + best[topK - 1]])) {
                continue;
            }
            int at = filled < topK ? filled++ : topK - 1;
            while (at > 0 && value > values[from + best[at - 1]]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = i;
        }
        double shift = values[from + best[0]];
        boolean given = isGiven(shift);
        double sum = given ? 1 : weights(values, from, count, shift);
        List<ClassScore> top = new ArrayList<>(topK);
        for (int index : best) {
            float value = values[from + index];
            double probability = given ? value : weight(value, shift) / sum;
            top.add(new ClassScore(index, classes.name(index), (float) probability));
        }
        return top;
    }

    /** The probabilities of a row in class order. For logits this is their softmax. */
    public float[] probabilities(FloatTensor output, int row) {
        int count = classes.count();
        int from = row * count;
        float[] values = output.values();
        double shift = values[from + best(output, row)];
        if (isGiven(shift)) {
            return Arrays.copyOfRange(values, from, from + count);
        }
        double sum = weights(values, from, count, shift);
        float[] probabilities = new float[count];
        for (int i = 0; i < count; i++) {
            probabilities[i] = (float) (weight(values[from + i], shift) / sum);
        }
        return probabilities;
    }

    /** The index of a row's best class, the lowest one among equal scores. It is the same for logits and probabilities. */
    public static int best(FloatTensor output, int row) {
        int count = output.shape().extent(1);
        float[] values = output.values();
        int from = row * count;
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }

    /**
     * True when the output has the probabilities already. A row without a positive value has no logarithms that a temperature could divide,
     * so its values stay as they are.
     *
     * @param shift the largest value of the row
     */
    private boolean isGiven(double shift) {
        return kind == OutputKind.PROBABILITIES && (temperature == 1 || !(shift > 0));
    }

    /**
     * In proportion to the probability. A power of a probability is what dividing its logarithm by the temperature gives. A value that
     * rounding has made negative counts as 0.
     */
    private double weight(float value, double shift) {
        return kind == OutputKind.LOGITS
                ? Math.exp((value - shift) / temperature)
                : Math.pow(Math.max(value, 0) / shift, 1 / temperature);
    }

    private double weights(float[] values, int from, int count, double shift) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += weight(values[i], shift);
        }
        return sum;
    }
}
