package io.acclimate.infer;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.node.InvalidModelException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the frozen part of a model in ONNX Runtime and returns its features. With one intra-op thread the same rows give the same
 * bits each time. The caller that opens a session closes it. One caller at a time.
 */
public final class FeatureSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final PrefixGraph prefix;
    private FloatBuffer input = InputBuffers.direct(0);
    private boolean open = true;

    private FeatureSession(OrtEnvironment environment, OrtSession session, PrefixGraph prefix) {
        this.environment = environment;
        this.session = session;
        this.prefix = prefix;
    }

    public static FeatureSession open(PrefixGraph prefix, SessionSettings settings) throws InvalidModelException {
        OrtEnvironment environment = NativeRuntime.environment();
        try {
            OrtSession session = OrtSessions.create(
                    environment, prefix.skeleton(), prefix.weights(), settings, prefix.row(), new InputBuffers());
            return new FeatureSession(environment, session, prefix);
        } catch (OrtException e) {
            throw new InvalidModelException(
                    prefix.model(),
                    "ONNX Runtime refuses its part up to '" + prefix.frontier() + "': " + e.getMessage(),
                    e);
        }
    }

    /** Returns the frontier's value for {@code batch} {@code [rows, row…]}, in the frontier's own shape. */
    public FloatTensor run(FloatTensor batch) {
        if (batch.shape().rank() == 0 || !batch.shape().tail().equals(prefix.row())) {
            throw new IllegalArgumentException("model '" + prefix.model() + "' takes rows of float32" + prefix.row()
                    + ", got a batch of " + batch);
        }
        float[] values = batch.values();
        if (input.capacity() < values.length) {
            input = InputBuffers.direct(values.length);
        }
        input.clear().put(values).flip();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input, OrtSessions.extents(batch.shape()));
                OrtSession.Result result = session.run(Map.of(prefix.inputName(), tensor), Set.of(prefix.frontier()))) {
            OnnxTensor features = (OnnxTensor) result.get(0);
            TensorInfo info = features.getInfo();
            if (info.type != OnnxJavaType.FLOAT) {
                throw new IllegalStateException(
                        "'" + prefix.frontier() + "' of model '" + prefix.model() + "' must be float32, is " + info);
            }
            List<Integer> extents = new ArrayList<>();
            for (long extent : info.getShape()) {
                extents.add(Math.toIntExact(extent));
            }
            Shape shape = new Shape(extents);
            float[] out = new float[Math.toIntExact(shape.elements())];
            OrtSessions.read(features, out, 0, out.length);
            return FloatTensor.wrap(shape, out);
        } catch (OrtException e) {
            throw new IllegalStateException(
                    "model '" + prefix.model() + "' failed up to '" + prefix.frontier() + "' on " + batch + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Frees native memory. No thread may be in {@link #run}. */
    @Override
    public void close() {
        if (open) {
            open = false;
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("a session of '" + prefix.model() + "' did not close", e);
            }
        }
    }
}
