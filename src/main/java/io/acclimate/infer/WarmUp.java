package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;

/**
 * Runs a session on made-up rows before it is swapped in. This refuses a model whose input shape, class count or scores are wrong,
 * and lets ONNX Runtime allocate its memory, so that the first real batch is not slow. Any thread.
 */
public final class WarmUp {
    private WarmUp() {}

    /**
     * Runs one row and then {@code rows} rows.
     *
     * @throws InvalidModelException if the model fails; the message says why
     */
    public static void run(Scorer scorer, ModelCard card, int rows) throws InvalidModelException {
        run(scorer, card);
        check(scorer, card, rows);
    }

    /**
     * Runs one row.
     *
     * @throws InvalidModelException if the model fails; the message says why
     */
    static void run(Scorer scorer, ModelCard card) throws InvalidModelException {
        check(scorer, card, 1);
    }

    private static void check(Scorer scorer, ModelCard card, int rows) throws InvalidModelException {
        FloatTensor output;
        try {
            output = scorer.run(probe(card.input(), rows));
        } catch (IllegalStateException | IllegalArgumentException | ArithmeticException e) {
            throw new InvalidModelException(card.name(), "the dry run failed: " + e.getMessage(), e);
        }
        int classes = card.classes().count();
        if (!output.shape().equals(Shape.of(rows, classes))) {
            throw new InvalidModelException(
                    card.name(), "the dry run gave " + output + " for " + rows + " rows of " + classes + " classes");
        }
        for (float value : output.values()) {
            if (!Float.isFinite(value)) {
                throw new InvalidModelException(card.name(), "the dry run gave a score of " + value);
            }
        }
    }

    private static FloatTensor probe(ModelInput input, int rows) {
        Shape shape = input.row().prepend(rows);
        float[] values = new float[Math.toIntExact(shape.elements())];
        if (input instanceof InputSpec picture) {
            fill(values, picture);
        } else if (input instanceof TextInput) {
            // Each model has the tokens 0 and 1. As a mask they leave something to average.
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 2;
            }
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = i * 97 % 256 / 128f - 1;
            }
        }
        return FloatTensor.wrap(shape, values);
    }

    /** Pixels of every brightness, normalised in the same way as images. */
    private static void fill(float[] values, InputSpec input) {
        int plane = input.height() * input.width();
        for (int i = 0; i < values.length; i++) {
            int channel = input.layout() == InputSpec.Layout.NCHW ? i / plane % input.channels() : i % input.channels();
            int pixel = i * 97 % 256;
            values[i] = (pixel / 255f - input.mean().get(channel)) / input.std().get(channel);
        }
    }
}
