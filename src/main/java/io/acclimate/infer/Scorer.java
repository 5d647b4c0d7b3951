package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;

/** One loaded model. {@code run} may be called by several threads at once; nobody may call it during or after {@code close}. */
public interface Scorer extends AutoCloseable {
    /** From {@code [rows, …] float32} to {@code [rows, classes] float32}, as the model gives it. */
    FloatTensor run(FloatTensor batch);

    /** Of the model that runs: what its output means. */
    ModelCard card();

    @Override
    void close();
}
