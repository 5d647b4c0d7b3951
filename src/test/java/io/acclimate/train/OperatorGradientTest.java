package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ConstantTensor;
import io.acclimate.onnx.GraphNode;
import io.acclimate.onnx.OperatorCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of every float input of an operator against central differences of a random projection of its output. */
class OperatorGradientTest {
    private static final float STEP = 1e-2f;
    private static final Shape IMAGE = new Shape(2, 4, 3, 3);
    private static final Shape CHANNELS = new Shape(4);

    /** Inputs are a {@code Shape} (a float leaf), {@code long[]}, {@code float[]} (constants) or {@code ConstantTensor}. */
    private record Case(String type, int opset, Map<String, Object> attributes, List<Object> inputs) {
        @Override
        public String toString() {
            return type + " " + attributes.keySet() + " opset " + opset;
        }
    }

    static Stream<Case> operators() {
        ConstantTensor rows = ConstantTensor.ofLongs(io.acclimate.core.Shape.of(2, 1), longs(1, 0));
        ConstantTensor pattern = ConstantTensor.ofLongs(io.acclimate.core.Shape.of(3), longs(1, 0, 1));
        return Stream.of(
                of("ConvTranspose", 17, Map.of("strides", longs(2, 2), "group", 2L), IMAGE, new Shape(4, 3, 3, 3)),
                of("ConvTranspose", 17, Map.of("pads", longs(1, 0, 1, 2)), IMAGE, new Shape(4, 2, 3, 3), new Shape(2)),
                of("LayerNormalization", 17, Map.of(), IMAGE, new Shape(3), new Shape(3)),
                of("InstanceNormalization", 17, Map.of(), IMAGE, CHANNELS, CHANNELS),
                of("GroupNormalization", 18, Map.of("num_groups", 2L), IMAGE, new Shape(2), new Shape(2)),
                of("GroupNormalization", 21, Map.of("num_groups", 2L), IMAGE, CHANNELS, CHANNELS),
                of("LRN", 17, Map.of("size", 3L, "alpha", 0.5f), IMAGE),
                of("Gelu", 20, Map.of(), IMAGE),
                of("Gelu", 20, Map.of("approximate", "tanh"), IMAGE),
                of("Mish", 18, Map.of(), IMAGE),
                of("Softplus", 17, Map.of(), IMAGE),
                of("HardSwish", 17, Map.of(), IMAGE),
                of("ThresholdedRelu", 17, Map.of("alpha", 0.1f), IMAGE),
                of("Sin", 17, Map.of(), IMAGE),
                of("Cos", 17, Map.of(), IMAGE),
                of("Mean", 17, Map.of(), IMAGE, new Shape(3)),
                of("Max", 17, Map.of(), IMAGE, new Shape(3)),
                of("Where", 17, Map.of(), pattern, IMAGE, new Shape(3, 1)),
                of("ReduceL1", 17, Map.of("axes", longs(1)), IMAGE),
                of("ReduceL2", 17, Map.of("axes", longs(1)), IMAGE),
                of("ReduceSum", 12, Map.of("axes", longs(2, 3)), IMAGE),
                of("ReduceMax", 17, Map.of("axes", longs(1)), IMAGE),
                of("ReduceMin", 17, Map.of("axes", longs(1)), IMAGE),
                of("ReduceSumSquare", 17, Map.of("axes", longs(1)), IMAGE),
                of("DepthToSpace", 17, Map.of("blocksize", 2L), IMAGE),
                of("SpaceToDepth", 17, Map.of("blocksize", 3L), IMAGE),
                of("MaxPool", 17, Map.of("kernel_shape", longs(2, 2), "dilations", longs(2, 2)), IMAGE),
                of("Einsum", 17, Map.of("equation", "bij,bkj->bik"), new Shape(2, 3, 4), new Shape(2, 5, 4)),
                of("Einsum", 17, Map.of("equation", "ij,jk"), new Shape(3, 4), new Shape(4, 2)),
                of("Upsample", 9, Map.of("mode", "linear"), IMAGE, new float[] {1, 1, 2, 2}),
                of("Resize", 10, Map.of("mode", "nearest"), IMAGE, new float[] {1, 1, 2, 2}),
                of("Resize", 10, Map.of("mode", "linear"), IMAGE, new float[] {1, 1, 3, 2}),
                of("Gather", 17, Map.of("axis", 1L), IMAGE, longs(3, 0, 3)),
                of("ScatterND", 17, Map.of(), new Shape(3, 4), rows, new Shape(2, 4)),
                of("ScatterND", 17, Map.of("reduction", "add"), new Shape(3, 4), rows, new Shape(2, 4)),
                of("Slice", 17, Map.of(), IMAGE, longs(2), longs(-9), longs(2), longs(-1)),
                of("Pad", 17, Map.of("mode", "reflect"), IMAGE, longs(0, 0, 1, 2, 0, 0, 2, 0)),
                of("Pad", 17, Map.of("mode", "edge"), IMAGE, longs(0, 0, 1, 2, 0, 0, 2, 0)),
                of("Pad", 17, Map.of(), IMAGE, longs(0, 0, 1, -1, 0, 0, 2, 0)),
                of("Tile", 17, Map.of(), IMAGE, longs(1, 2, 1, 2)),
                of("Expand", 17, Map.of(), new Shape(2, 4, 1, 3), longs(2, 4, 3, 3)),
                of("Split", 13, Map.of("axis", 1L), IMAGE, longs(1, 3)));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void gradientsEqualFiniteDifferences(Case test) {
        Random random = new Random(5);
        List<float[]> starts = test.inputs().stream()
                .map(each -> each instanceof Shape shape ? apart(random, (int) shape.size()) : new float[0])
                .toList();

        List<float[]> gradients = new ArrayList<>();
        run(test, starts, gradients);

        for (int input = 0; input < starts.size(); input++) {
            float[] start = starts.get(input);
            double[] slopes = new double[start.length];
            double[] got = new double[start.length];
            for (int i = 0; i < start.length; i++) {
                float at = start[i];
                start[i] = at + STEP;
                double above = run(test, starts, new ArrayList<>());
                start[i] = at - STEP;
                slopes[i] = (above - run(test, starts, new ArrayList<>())) / (2 * STEP);
                start[i] = at;
                got[i] = gradients.get(input)[i];
            }
            double scale = Arrays.stream(slopes).map(Math::abs).max().orElse(0) + 1e-3;
            for (int i = 0; i < start.length; i++) {
                assertThat(got[i]).as("input %d at %d", input, i).isCloseTo(slopes[i], within(2e-2 * scale));
            }
        }
    }

    /** Distinct values at least two and a half steps apart, none near 0, so that no difference crosses a kink. */
    private static float[] apart(Random random, int count) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (order.get(i) - count / 2) * 2.5f * STEP + 1.3f * STEP + random.nextFloat() * 0.1f * STEP;
        }
        return values;
    }

    /** Σ output · fixed random weights; adds the gradient of each input. */
    private static double run(Case test, List<float[]> starts, List<float[]> gradients) {
        List<String> names =
                IntStream.range(0, starts.size()).mapToObj(i -> "x" + i).toList();
        List<String> outputs = test.type().equals("Split") ? List.of("y", "z") : List.of("y");
        GraphNode node = OperatorCase.node(test.type(), test.opset(), test.attributes(), names, outputs);
        TorchEngine.GRADIENTS.lock();
        try (NDManager step = TorchEngine.newManager();
                GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
            Map<String, Value> values = new HashMap<>();
            for (int i = 0; i < starts.size(); i++) {
                values.put(names.get(i), value(step, test.inputs().get(i), starts.get(i)));
            }
            TrainableGraph.walk(List.of(node), values, step);
            NDArray loss = step.create(0f);
            for (String output : outputs) {
                NDArray array = dense(values, output);
                Random random = new Random(7);
                float[] weights = new float[(int) array.getShape().size()];
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = random.nextFloat() - 0.5f;
                }
                loss = loss.add(
                        array.mul(step.create(weights, array.getShape())).sum());
            }
            collector.backward(loss);
            for (int i = 0; i < starts.size(); i++) {
                gradients.add(
                        starts.get(i).length > 0
                                ? dense(values, names.get(i)).getGradient().toFloatArray()
                                : new float[0]);
            }
            return loss.getFloat();
        } finally {
            TorchEngine.GRADIENTS.unlock();
        }
    }

    private static NDArray dense(Map<String, Value> values, String name) {
        return values.get(name) instanceof Value.Dense dense ? dense.array() : unexpected(name);
    }

    private static NDArray unexpected(String name) {
        throw new IllegalStateException(name + " is not computed");
    }

    private static Value value(NDManager step, Object input, float[] start) {
        if (input instanceof Shape shape) {
            NDArray leaf = step.create(start, shape);
            leaf.setRequiresGradient(true);
            return new Value.Dense(leaf);
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

    private static Case of(String type, int opset, Map<String, Object> attributes, Object... inputs) {
        return new Case(type, opset, attributes, List.of(inputs));
    }

    private static long[] longs(long... values) {
        return values;
    }
}
