package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.Random;

/** The proof that two runtimes compute the same model. */
final class ParityProof {
    /** The largest difference, as a share of the output's scale. */
    private static final double BOUND = 1e-4;

    private static final int PROBE_ROWS = 4;

    private ParityProof() {}

    /** {@code [4, row…]} standard normal values, the same ones for the same seed. */
    static FloatTensor probe(Shape row, long seed) {
        Shape shape = row.prepend(PROBE_ROWS);
        float[] values = new float[Math.toIntExact(shape.elements())];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(shape, values);
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
