package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;

/** One loaded model. Several threads may call {@code run} at once, but none during or after {@code close}. */
public interface Scorer extends AutoCloseable {
    /**
     * Takes {@code [rows, …] float32} and returns the model's raw output {@code [rows, classes] float32}.
     *
     * @throws RunFailedException if the model fails on rows of the right shape
     */
    FloatTensor run(FloatTensor batch);

    /** The same of rows {@code [d1, …]} that are not joined yet; one at least. */
    default FloatTensor run(List<? extends ModelInput.Row> rows) {
        return run(FloatTensor.stack(rows));
    }

    /** The card of this model, which says what its output means. */
    ModelCard card();

    @Override
    void close();
}
