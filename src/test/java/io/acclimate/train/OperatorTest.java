package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.OperatorCase;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.shape.Dim;
import io.acclimate.onnx.shape.ShapeInference;
import io.acclimate.onnx.shape.StandardOperators;
import io.acclimate.onnx.shape.ValueFacts;
import io.acclimate.train.OperatorSample.Leaf;
import io.acclimate.train.operators.OperatorTable;
import io.acclimate.train.operators.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operator of the table on its own: its values against ONNX Runtime, which serves; the gradient of each of its float inputs
 * against central differences of a random projection of its output.
 */
@Tag("slow")
class OperatorTest {
    private static final float STEP = 1e-2f;

    /** Inputs that are neither float32 nor int64. */
    private static final Map<String, Map<Integer, DataType>> TYPES = Map.of(
            "Where", Map.of(0, DataType.BOOL),
            "Compress", Map.of(1, DataType.BOOL),
            "GRU", Map.of(4, DataType.INT32),
            "LSTM", Map.of(4, DataType.INT32));

    static Stream<OperatorSample> operators() {
        return Stream.concat(OperatorSamples.all(), OperatorForms.all());
    }

    @Test
    void everyOperatorOfTheTableHasACaseOrAReasonForNone() {
        Set<String> with = operators().map(OperatorSample::type).collect(Collectors.toCollection(TreeSet::new));

        assertThat(with).doesNotContainAnyElementsOf(OperatorSamples.WITHOUT.keySet());
        with.addAll(OperatorSamples.WITHOUT.keySet());
        assertThat(with).isEqualTo(new TreeSet<>(OperatorTable.types()));
    }

    @Test
    void everyOperatorOfTheTableHasFacts() {
        assertThat(StandardOperators.types()).containsAll(OperatorTable.types());
    }

    @ParameterizedTest
    @MethodSource("operators")
    void gradientsEqualFiniteDifferences(OperatorSample test) {
        List<float[]> starts = starts(test);

        List<float[]> gradients = gradients(test, starts);

        for (int input = 0; input < starts.size(); input++) {
            float[] start = starts.get(input);
            double[] slopes = new double[start.length];
            double[] got = new double[start.length];
            for (int i = 0; i < start.length; i++) {
                float at = start[i];
                start[i] = at + STEP;
                double above = value(test, starts);
                start[i] = at - STEP;
                slopes[i] = (above - value(test, starts)) / (2 * STEP);
                start[i] = at;
                got[i] = gradients.get(input)[i];
            }
            double scale = Arrays.stream(slopes).map(Math::abs).max().orElse(0) + 1e-3;
            for (int i = 0; i < start.length; i++) {
                assertThat(got[i]).as("input %d at %d", input, i).isCloseTo(slopes[i], within(2e-2 * scale));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operators")
    void valuesEqualOnnxRuntimes(OperatorSample test) throws OrtException {
        List<float[]> starts = starts(test);
        try (NDManager step = TorchEngine.newManager()) {
            Map<String, Value> values = values(step, test, starts);
            GraphNode node = node(test, values);
            byte[] onnx = alone(test, node, values);

            TrainableGraph.walk(List.of(node), values, step);

            try (OrtSession.SessionOptions options = plainly();
                    OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx, options);
                    OrtSession.Result result = session.run(Map.of())) {
                for (String output : node.outputs().subList(0, test.outputs())) {
                    OnnxTensor wanted = (OnnxTensor) result.get(output).orElseThrow();
                    NDArray got = dense(values, output);
                    assertThat(got.getShape().getShape())
                            .isEqualTo(wanted.getInfo().getShape());
                    float[] reference = new float[(int) got.getShape().size()];
                    wanted.getFloatBuffer().get(reference);
                    assertThat(got.toFloatArray()).containsExactly(reference, within(2e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operators")
    void theShapeToldBeforeARunIsThatOfTheRun(OperatorSample test) throws IOException {
        try (NDManager step = TorchEngine.newManager()) {
            Map<String, Value> values = values(step, test, starts(test));
            GraphNode node = node(test, values);
            ShapeInference inference = new ShapeInference(test.opset(), false);
            ModelProto.parseFrom(alone(test, node, values))
                    .getGraph()
                    .getInitializerList()
                    .forEach(each -> inference.put(each.getName(), ValueFacts.of(each)));
            NodeProto proto =
                    ModelProto.parseFrom(alone(test, node, values)).getGraph().getNode(0);

            inference.walk(proto);
            TrainableGraph.walk(List.of(node), values, step);

            for (String output : node.outputs().subList(0, test.outputs())) {
                Optional<List<Dim>> told = inference.of(output).shape();
                if (told.isPresent()) {
                    assertThat(told.get())
                            .isEqualTo(Arrays.stream(
                                            dense(values, output).getShape().getShape())
                                    .mapToObj(Dim::of)
                                    .toList());
                }
            }
        }
    }

    /** A model of the node alone, its inputs as initializers. */
    private static byte[] alone(OperatorSample test, GraphNode node, Map<String, Value> values) {
        List<Optional<ConstantTensor>> inputs = IntStream.range(0, test.inputs().size())
                .mapToObj(i -> Optional.ofNullable(values.get("x" + i)).map(OperatorTest::fixed))
                .toList();
        return OperatorCase.alone(
                node, test.attributes(), inputs, test.outputs(), TYPES.getOrDefault(test.type(), Map.of()));
    }

    private static OrtSession.SessionOptions plainly() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        return options;
    }

    private static ConstantTensor fixed(Value value) {
        return value instanceof Value.Dense dense
                ? ConstantTensor.ofFloats(FloatTensor.wrap(
                        new io.acclimate.core.Shape(
                                Arrays.stream(dense.array().getShape().getShape())
                                        .mapToObj(Math::toIntExact)
                                        .toList()),
                        dense.array().toFloatArray()))
                : ((Value.Fixed) value).tensor();
    }

    private static List<float[]> starts(OperatorSample test) {
        Random random = new Random(5);
        return test.inputs().stream()
                .map(each -> each instanceof Shape shape
                        ? apart(random, (int) shape.size(), 0)
                        : each instanceof Leaf leaf
                                ? apart(random, (int) leaf.shape().size(), leaf.middle())
                                : new float[0])
                .toList();
    }

    /** Distinct values at least two and a half steps apart, none near the middle, so that no difference crosses a kink. */
    private static float[] apart(Random random, int count, float middle) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] =
                    middle + (order.get(i) - count / 2) * 2.5f * STEP + 1.3f * STEP + random.nextFloat() * 0.1f * STEP;
        }
        return values;
    }

    private static List<float[]> gradients(OperatorSample test, List<float[]> starts) {
        TorchEngine.GRADIENTS.lock();
        try (NDManager step = TorchEngine.newManager();
                GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
            Map<String, Value> values = values(step, test, starts);
            for (int i = 0; i < starts.size(); i++) {
                if (starts.get(i).length > 0) {
                    dense(values, "x" + i).setRequiresGradient(true);
                }
            }
            collector.backward(loss(step, test, values));
            return IntStream.range(0, starts.size())
                    .mapToObj(i -> starts.get(i).length > 0
                            ? dense(values, "x" + i).getGradient().toFloatArray()
                            : new float[0])
                    .toList();
        } finally {
            TorchEngine.GRADIENTS.unlock();
        }
    }

    private static double value(OperatorSample test, List<float[]> starts) {
        try (NDManager step = TorchEngine.newManager()) {
            return loss(step, test, values(step, test, starts)).getFloat();
        }
    }

    private static Map<String, Value> values(NDManager step, OperatorSample test, List<float[]> starts) {
        Map<String, Value> values = new HashMap<>();
        for (int i = 0; i < starts.size(); i++) {
            if (!test.inputs().get(i).equals(OperatorSample.ABSENT)) {
                values.put("x" + i, value(step, test.inputs().get(i), starts.get(i)));
            }
        }
        return values;
    }

    private static GraphNode node(OperatorSample test, Map<String, Value> values) {
        List<String> names = IntStream.range(0, test.inputs().size())
                .mapToObj(i -> values.containsKey("x" + i) ? "x" + i : "")
                .toList();
        int count = test.type().equals("TopK") ? 2 : test.outputs();
        List<String> outputs = IntStream.range(0, count).mapToObj(i -> "y" + i).toList();
        return OperatorCase.node(test.type(), test.opset(), test.attributes(), names, outputs);
    }

    /** Σ output · fixed random weights. */
    private static NDArray loss(NDManager step, OperatorSample test, Map<String, Value> values) {
        GraphNode node = node(test, values);
        TrainableGraph.walk(List.of(node), values, step);
        NDArray loss = step.create(0f);
        for (String output : node.outputs().subList(0, test.outputs())) {
            NDArray array = dense(values, output);
            Random random = new Random(7);
            float[] weights = new float[(int) array.getShape().size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextFloat() - 0.5f;
            }
            loss = loss.add(array.mul(step.create(weights, array.getShape())).sum());
        }
        return loss;
    }

    private static NDArray dense(Map<String, Value> values, String name) {
        return values.get(name) instanceof Value.Dense dense ? dense.array() : unexpected(name);
    }

    private static NDArray unexpected(String name) {
        throw new IllegalStateException(name + " is not computed");
    }

    private static Value value(NDManager step, Object input, float[] start) {
        if (start.length > 0) {
            return new Value.Dense(step.create(start, input instanceof Leaf each ? each.shape() : (Shape) input));
        }
        if (input instanceof long[] longs) {
            return new Value.Fixed(ConstantTensor.ofLongs(io.acclimate.core.Shape.of(longs.length), longs));
        }
        if (input instanceof float[] floats) {
            return new Value.Fixed(
                    ConstantTensor.ofFloats(FloatTensor.wrap(io.acclimate.core.Shape.of(floats.length), floats)));
        }
        return new Value.Fixed((ConstantTensor) input);
    }
}
