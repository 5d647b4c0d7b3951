package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.rewrite.Normaliser;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.statistics.Statistics;

/**
 * Random graphs of operators that move, compare and mix values, exported for a batch of one. Whatever becomes of them, they answer
 * each row as the original does; those made to take any batch answer several rows at once.
 */
@Tag("slow")
class NormaliserPropertyTest {
    private static final int ROWS = 3;

    @Property(tries = 300)
    void aGraphThatIsMadeToTakeAnyBatchAnswersEachRowAsTheOriginal(@ForAll long seed) throws Exception {
        ModelProto original = random(new Random(seed));
        ModelProto normal = new Normaliser(original).normalise();
        assertThat(new Normaliser(normal).normalise()).isEqualTo(normal);
        boolean free = !normal.getGraph()
                .getInput(0)
                .getType()
                .getTensorType()
                .getShape()
                .getDim(0)
                .hasDimValue();
        Statistics.label("takes any batch").collect(free).coverage(coverage -> {
            coverage.check(true).percentage(share -> share > 10);
            coverage.check(false).percentage(share -> share > 10);
        });
        float[] pixels = new float[ROWS * 24];
        Random random = new Random(seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat() - 0.5f;
        }
        try (OrtSession before = session(original);
                OrtSession after = session(normal)) {
            float[] together = free ? run(after, pixels, ROWS) : new float[0];
            for (int row = 0; row < ROWS; row++) {
                float[] one = Arrays.copyOfRange(pixels, row * 24, (row + 1) * 24);
                float[] expected = run(before, one, 1);
                assertClose(run(after, one, 1), expected);
                if (free) {
                    int size = expected.length;
                    assertClose(Arrays.copyOfRange(together, row * size, (row + 1) * size), expected);
                }
            }
        }
    }

    private static void assertClose(float[] ours, float[] theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            assertThat(Math.abs(ours[i] - theirs[i])).isLessThan(1e-4f * (1 + Math.abs(theirs[i])));
        }
    }

    private static OrtSession session(ModelProto model) throws OrtException {
        return OrtEnvironment.getEnvironment().createSession(model.toByteArray());
    }

    private static float[] run(OrtSession session, float[] values, int rows) throws OrtException {
        long[] extents = {rows, 2, 3, 4};
        try (OnnxTensor input =
                        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(values), extents);
                OrtSession.Result result = session.run(Map.of("x", input))) {
            FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] scores = new float[out.remaining()];
            out.get(scores);
            return scores;
        }
    }

    /** Three to eight operators on {@code [1, 2, 3, 4]}, their shapes known here as the exporter knew them. */
    private static ModelProto random(Random random) throws Exception {
        GraphBuilder builder = new GraphBuilder("random", 13).input("x", Shape.of(2, 3, 4));
        List<Integer> shape = new ArrayList<>(List.of(1, 2, 3, 4));
        String value = "x";
        int count = 3 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            value = step(builder, random, shape, value, "v" + i);
        }
        int size = shape.stream().reduce(1, (a, b) -> a * b);
        builder.constant("flat", 1, size)
                .node("Reshape", List.of(value, "flat"), List.of("y"), Map.of())
                .output("y", Shape.of(size));
        ModelProto.Builder model = ModelProto.parseFrom(builder.toOnnx()).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1);
        return model.build();
    }

    private static String step(GraphBuilder graph, Random random, List<Integer> shape, String from, String to) {
        int rank = shape.size();
        int axis = random.nextInt(rank);
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < rank; i++) {
                    order.add(i);
                }
                Collections.shuffle(order, random);
                if (random.nextInt(3) > 0) {
                    order.remove((Integer) 0);
                    order.add(0, 0);
                }
                long[] perm = order.stream().mapToLong(Integer::longValue).toArray();
                graph.node("Transpose", List.of(from), List.of(to), Map.of("perm", perm));
                List<Integer> old = List.copyOf(shape);
                shape.replaceAll(each -> 0);
                for (int i = 0; i < rank; i++) {
                    shape.set(i, old.get(order.get(i)));
                }
            }
            case 2, 3 -> {
                split(random, shape);
                graph.constant(
                        to + ".t", shape.stream().mapToLong(Integer::longValue).toArray());
                graph.node("Reshape", List.of(from, to + ".t"), List.of(to), Map.of());
            }
            case 4 -> graph.node("Softmax", List.of(from), List.of(to), Map.of("axis", (long) axis));
            case 5 -> {
                graph.node("ReduceMean", List.of(from), List.of(to), Map.of("axes", new long[] {axis}));
                shape.set(axis, 1);
            }
            case 6 -> {
                graph.node("Concat", List.of(from, from), List.of(to), Map.of("axis", (long) axis));
                shape.set(axis, shape.get(axis) * 2);
            }
            case 7 -> {
                int[] like = shape.stream().mapToInt(Integer::intValue).toArray();
                if (random.nextBoolean()) {
                    like[axis] = 1;
                }
                float[] values = new float[Arrays.stream(like).reduce(1, (a, b) -> a * b)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat();
                }
                graph.weight(to + ".w", FloatTensor.wrap(Shape.of(like), values));
                graph.node("Add", List.of(from, to + ".w"), List.of(to), Map.of());
            }
            default -> {
                graph.node("Shape", List.of(from), List.of(to + ".s"), Map.of());
                graph.node("Reshape", List.of(from, to + ".s"), List.of(to), Map.of());
            }
        }
        return to;
    }

    /** Another shape of as many elements: an extent halved, two neighbours joined, or a one put in. */
    private static void split(Random random, List<Integer> shape) {
        int at = random.nextInt(shape.size());
        switch (random.nextInt(3)) {
            case 0 -> {
                if (shape.get(at) % 2 == 0) {
                    shape.set(at, shape.get(at) / 2);
                    shape.add(at + random.nextInt(2), 2);
                }
            }
            case 1 -> {
                if (at > 0 && shape.size() > 2) {
                    shape.set(at - 1, shape.get(at - 1) * shape.remove(at));
                }
            }
            default -> {
                if (shape.size() < 6) {
                    shape.add(at, 1);
                }
            }
        }
    }
}
