package io.acclimate.infer;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One ONNX Runtime session: the base graph's skeleton with a version's weights, which are passed in memory, or in files if they are large. Several threads may
 * call {@code run} at once. The caller that opens a session owns it. Serving passes it to a {@link SessionSlot}, which closes it
 * after the last lease.
 */
public final class ModelSession implements Scorer {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ModelCard card;
    private final Shape row;
    /** The number of rows of each run if the model fixes it, otherwise 0. */
    private final int fixedRows;

    private final InputBuffers inputs;
    /**
     * Of every run. A run that fails throws, with the message that ONNX Runtime would also print, once for each run; a producer of bad rows
     * could fill the log with that.
     */
    private final OrtSession.RunOptions quiet;

    private final AtomicBoolean open = new AtomicBoolean(true);

    private ModelSession(
            OrtEnvironment environment, OrtSession session, ModelCard card, int fixedRows, InputBuffers inputs)
            throws OrtException {
        this.inputs = inputs;
        this.quiet = new OrtSession.RunOptions();
        this.quiet.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        this.environment = environment;
        this.session = session;
        this.card = card;
        this.row = card.input().row();
        this.fixedRows = fixedRows;
    }

    /**
     * Opens the base graph with {@code delta} in place of the weights of the same names.
     *
     * @throws InvalidModelException if the delta does not fit the graph, or ONNX Runtime refuses the graph
     */
    public static ModelSession open(ModelGraph graph, WeightDelta delta, SessionSettings settings)
            throws InvalidModelException {
        return open(graph, delta, settings, new InputBuffers());
    }

    /** Opens a session that shares {@code inputs} with the sessions before and after it. */
    public static ModelSession open(ModelGraph graph, WeightDelta delta, SessionSettings settings, InputBuffers inputs)
            throws InvalidModelException {
        ModelCard card = graph.card();
        SortedMap<String, FloatTensor> weights = merged(graph, delta);
        OrtEnvironment environment = NativeRuntime.environment();
        try {
            OrtSession session = OrtSessions.create(
                    environment,
                    graph.skeleton(),
                    weights,
                    settings,
                    card.input().row(),
                    inputs);
            try {
                return new ModelSession(environment, session, card, fixedRows(session, graph), inputs);
            } catch (OrtException | InvalidModelException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new InvalidModelException(graph.file(), "ONNX Runtime refuses it: " + e.getMessage(), e);
        }
    }

    @Override
    public FloatTensor run(FloatTensor batch) {
        if (batch.shape().rank() == 0 || !batch.shape().tail().equals(row)) {
            throw new IllegalArgumentException(
                    "model '" + card.name() + "' takes rows of float32" + row + ", got a batch of " + batch);
        }
        int size = Math.toIntExact(row.elements());
        return run(batch.shape().extent(0), (into, from, count) -> into.put(batch.values(), from * size, count * size));
    }

    @Override
    public FloatTensor run(List<? extends ModelInput.Row> rows) {
        for (ModelInput.Row each : rows) {
            if (!each.shape().equals(row)) {
                throw new IllegalArgumentException(
                        "model '" + card.name() + "' takes rows of float32" + row + ", got a row of " + each);
            }
        }
        int size = Math.toIntExact(row.elements());
        float[] room = new float[size];
        return run(rows.size(), (into, from, count) -> {
            for (ModelInput.Row each : rows.subList(from, from + count)) {
                into.put(each.values(room), 0, size);
            }
        });
    }

    /** Writes so many rows from one on. */
    @FunctionalInterface
    private interface Rows {
        void put(FloatBuffer into, int from, int count);
    }

    private FloatTensor run(int count, Rows rows) {
        int step = fixedRows == 0 ? count : fixedRows;
        int classes = card.classes().count();
        float[] output = new float[Math.multiplyExact(count, classes)];
        for (int from = 0; from < count; from += step) {
            int taken = Math.min(step, count - from);
            run(rows, from, taken, step, output, from * classes, taken * classes);
        }
        return FloatTensor.wrap(Shape.of(count, classes), output);
    }

    private void run(Rows given, int from, int count, int rows, float[] output, int at, int scores) {
        int capacity = Math.multiplyExact(rows, Math.toIntExact(row.elements()));
        FloatBuffer input = inputs.take(capacity);
        given.put(input, from, count);
        while (input.position() < capacity) {
            input.put(0);
        }
        input.flip();
        long[] extents = OrtSessions.extents(row.prepend(rows));
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input, extents);
                OrtSession.Result result =
                        session.run(Map.of(card.inputName(), tensor), Set.of(card.outputName()), quiet)) {
            OnnxTensor scored = (OnnxTensor) result.get(0);
            long[] shape = scored.getInfo().getShape();
            if (shape.length < 2
                    || shape[0] != rows
                    || scored.getInfo().getNumElements()
                            != (long) rows * card.classes().count()) {
                throw new RunFailedException("model '" + card.name() + "' gave scores of shape "
                        + Arrays.toString(shape) + " for " + rows + " rows of "
                        + card.classes().count() + " classes");
            }
            OrtSessions.read(scored, output, at, scores);
        } catch (OrtException e) {
            throw new RunFailedException(
                    "model '" + card.name() + "' failed on " + rows + " rows: " + e.getMessage(), e);
        } finally {
            inputs.give(input);
        }
    }

    @Override
    public ModelCard card() {
        return card;
    }

    /** Frees native memory. No thread may be in {@link #run}. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            try (quiet) {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("the session of '" + card.name() + "' did not close", e);
            }
        }
    }

    private static SortedMap<String, FloatTensor> merged(ModelGraph graph, WeightDelta delta)
            throws InvalidModelException {
        SortedMap<String, FloatTensor> weights = new TreeMap<>(graph.weights());
        List<String> strangers = new ArrayList<>();
        delta.tensors().forEach((name, tensor) -> {
            FloatTensor base = weights.put(name, tensor);
            if (base == null || !base.shape().equals(tensor.shape())) {
                strangers.add("'" + name + "' " + tensor + (base == null ? "" : " where the graph has " + base));
            }
        });
        if (!strangers.isEmpty()) {
            throw new InvalidModelException(
                    graph.file(), "the version's weights do not fit the graph: " + String.join(", ", strangers));
        }
        return weights;
    }

    private static int fixedRows(OrtSession session, ModelGraph graph) throws OrtException, InvalidModelException {
        ModelCard card = graph.card();
        NodeInfo input = session.getInputInfo().get(card.inputName());
        NodeInfo output = session.getOutputInfo().get(card.outputName());
        if (input == null || output == null) {
            throw new InvalidModelException(
                    graph.file(),
                    "the card names input '" + card.inputName() + "' and output '" + card.outputName()
                            + "', the graph has " + session.getInputNames() + " and " + session.getOutputNames());
        }
        if (!(input.getInfo() instanceof TensorInfo in) || in.type != OnnxJavaType.FLOAT) {
            throw new InvalidModelException(
                    graph.file(), "input '" + card.inputName() + "' must be float32, is " + input.getInfo());
        }
        if (!(output.getInfo() instanceof TensorInfo out) || out.type != OnnxJavaType.FLOAT) {
            throw new InvalidModelException(
                    graph.file(), "output '" + card.outputName() + "' must be float32, is " + output.getInfo());
        }
        long[] shape = in.getShape();
        return shape.length > 0 && shape[0] > 0 ? Math.toIntExact(shape[0]) : 0;
    }
}
