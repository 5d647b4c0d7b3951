package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TensorInput;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WeightsOnDiskTest {
    private static final int INPUT = 30;
    private static final int WIDE = 1 << 17;
    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    /** Of sums of some hundred thousand products. */
    private static final Offset<Float> ROUNDING = Offset.offset(0.02f);

    private final SplittableRandom random = new SplittableRandom(1);

    private FloatTensor drawn(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble() - 0.5f;
        }
        return FloatTensor.wrap(shape, values);
    }

    /** Its names are in another order than its tensors, and few of these end where the next one may begin. */
    private ModelGraph wide() throws Exception {
        GraphBuilder graph = new GraphBuilder("wide", 17)
                .input("x", Shape.of(INPUT))
                .weight("w", drawn(INPUT, WIDE))
                .weight("b", drawn(WIDE))
                .weight("a", drawn(WIDE, 3))
                .weight("last", drawn(3))
                .node("MatMul", List.of("x", "w"), List.of("wx"), Map.of())
                .node("Mul", List.of("wx", "b"), List.of("h"), Map.of())
                .node("MatMul", List.of("h", "a"), List.of("ah"), Map.of())
                .node("Add", List.of("ah", "last"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        return ModelGraph.of(
                graph.toOnnx(),
                new ModelCard(
                        "wide",
                        "x",
                        new TensorInput(Shape.of(INPUT)),
                        "y",
                        ModelCard.OutputKind.LOGITS,
                        new ClassNames(List.of("p", "q", "r")),
                        Map.of()));
    }

    private static List<String> left() {
        String[] names = FOLDER.toFile().list((File folder, String name) -> name.startsWith("acclimate-session-"));
        return names == null ? List.of() : Arrays.asList(names);
    }

    @Test
    void aSessionOfALargeModelIsOpenedFromAFileThatIsGoneAfterwards() throws Exception {
        ModelGraph graph = wide();
        assertThat(WeightsOnDisk.pays(graph.weights())).isTrue();
        List<Integer> asked = new ArrayList<>();
        InputBuffers inputs = new InputBuffers(counted(asked), WeightsOnDisk::write);
        FloatTensor changed = drawn(WIDE);
        List<String> before = left();

        try (ModelSession session = ModelSession.open(
                        graph, WeightDelta.of(Map.of("b", changed)), SessionSettings.defaults(), inputs);
                ModelSession source = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults(), inputs)) {
            assertThat(asked).as("no weights in memory besides").isEmpty();
            assertThat(left()).isEqualTo(before);
            FloatTensor batch = drawn(4, INPUT);
            assertThat(session.run(batch)).isNotEqualTo(source.run(batch));
            assertThat(session.run(batch).values()).containsExactly(expected(graph, changed, batch), ROUNDING);
        }
    }

    private static float[] expected(ModelGraph graph, FloatTensor scale, FloatTensor batch) {
        float[] w = Objects.requireNonNull(graph.weights().get("w")).values();
        float[] a = Objects.requireNonNull(graph.weights().get("a")).values();
        float[] last = Objects.requireNonNull(graph.weights().get("last")).values();
        int rows = batch.shape().extent(0);
        double[] sums = new double[rows * 3];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < WIDE; i++) {
                double h = 0;
                for (int k = 0; k < INPUT; k++) {
                    h += batch.values()[row * INPUT + k] * w[k * WIDE + i];
                }
                for (int c = 0; c < 3; c++) {
                    sums[row * 3 + c] += h * scale.values()[i] * a[i * 3 + c];
                }
            }
        }
        float[] out = new float[sums.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) sums[i] + last[i % 3];
        }
        return out;
    }

    private static IntFunction<WeightMemory> counted(List<Integer> asked) {
        return floats -> {
            asked.add(floats);
            return WeightMemory.of(floats);
        };
    }

    @Test
    void whereNoFileCanBeWrittenOrReadTheWeightsArePassedInMemory() throws Exception {
        ModelGraph graph = wide();
        FloatTensor batch = drawn(4, INPUT);
        FloatTensor usual;
        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults())) {
            usual = session.run(batch);
        }
        WeightsOnDisk.Writer full = weights -> {
            throw new IOException("No space left on device");
        };
        WeightsOnDisk.Writer cleared = weights -> {
            WeightsOnDisk written = WeightsOnDisk.write(weights);
            written.close();
            return written;
        };
        List<Integer> asked = new ArrayList<>();

        for (WeightsOnDisk.Writer each : List.of(full, cleared)) {
            InputBuffers inputs = new InputBuffers(counted(asked), each);
            try (ModelSession session =
                    ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults(), inputs)) {
                assertThat(session.run(batch)).as("the same bits").isEqualTo(usual);
            }
        }

        assertThat(asked).hasSize(2);
    }
}
