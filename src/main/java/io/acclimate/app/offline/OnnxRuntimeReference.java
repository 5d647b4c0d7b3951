package io.acclimate.app.offline;

import io.acclimate.core.FloatTensor;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.function.UnaryOperator;

/** ONNX Runtime as the reference that a trainable graph must equal. */
public final class OnnxRuntimeReference {
    private OnnxRuntimeReference() {}

    /** Each call opens a session, because the proof runs once. */
    public static UnaryOperator<FloatTensor> reference(ModelGraph model, WeightDelta delta) {
        return batch -> {
            try (ModelSession session = ModelSession.open(model, delta, SessionSettings.defaults())) {
                return session.run(batch);
            } catch (InvalidModelException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        };
    }
}
