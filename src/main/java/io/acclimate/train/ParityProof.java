package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Shape;
import java.util.Random;

/** The proof that two runtimes compute the same model. */
final class ParityProof {
    /** The largest difference, as a share of the output's scale. */
    private static final double BOUND = 1e-4;

    private static final int PROBE_ROWS = 4;

    private ParityProof() {}

    /** {@code [4, row…]} standard normal values or random tokens, the same ones for the same seed. */
    static FloatTensor probe(ModelInput input, long seed) {
        Shape shape = input.row().prepend(PROBE_ROWS);
        float[] values = new float[Math.toIntExact(shape.elements())];
        Random random = new Random(seed);
        if (input instanceof TextInput text) {
            for (int row = 0; row < PROBE_ROWS; row++) {
                tokens(text, random, values, row * text.columns().size() * text.tokens());
            }
            return FloatTensor.wrap(shape, values);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(shape, values);
    }

    /** One text of a random length. */
    private static void tokens(TextInput text, Random random, float[] values, int from) {
        int length = 1 + random.nextInt(text.tokens());
        int known = Math.max(2, text.vocabulary());
        int at = from;
        for (TextInput.Column column : text.columns()) {
            for (int i = 0; i < text.tokens(); i++, at++) {
                values[at] = switch (column) {
                    case IDS -> i < length ? random.nextInt(known) : 0;
                    case MASK -> i < length ? 1 : 0;
                    case SEGMENTS -> 0;
                };
            }
        }
    }

    /** The largest absolute difference relative to the scale of {@code theirs}; refused above the bound. */
    static double prove(String model, FloatTensor ours, FloatTensor theirs) throws UntrainableModelException {
        float[] left = ours.values();
        float[] right = theirs.values();
        if (left.length != right.length) {
            throw new UntrainableModelException(
                    model, "its output is " + theirs + ", that of the trainable graph " + ours);
        }
        double scale = Float.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < left.length; i++) {
            scale = Math.max(scale, Math.abs(right[i]));
            difference = Math.max(difference, Math.abs(left[i] - right[i]));
        }
        if (!Double.isFinite(scale) || !(difference <= BOUND * scale) || !Optimizer.isFinite(left)) {
            throw new UntrainableModelException(
                    model,
                    "the trainable graph differs from the model by " + difference + " at scale " + scale
                            + ", the bound is " + BOUND + " of scale");
        }
        return difference / scale;
    }
}
