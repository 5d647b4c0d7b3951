package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;

/** One loaded model. Several threads may call {@code run} at once, but none during or after {@code close}. */
public interface Scorer extends AutoCloseable {
    /** Takes {@code [rows, …] float32} and returns the model's raw output {@code [rows, classes] float32}. */
    FloatTensor run(FloatTensor batch);

    /** The card of this model, which says what its output means. */
    ModelCard card();

    @Override
    void close();
}
