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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsOnDiskTest {
    private static final int INPUT = 30;
    private static final int WIDE = 1 << 17;
    private static final String DELETED = " (deleted)";

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

    /** The files of a folder that are deleted and that this process has mapped, so that they keep their room. Only Linux tells. */
    private static Set<Path> mappedThoughDeleted(Path folder) throws IOException {
        Path maps = Path.of("/proc/self/maps");
        Set<Path> mapped = new TreeSet<>();
        for (String line : Files.exists(maps) ? Files.readAllLines(maps) : List.<String>of()) {
            int from = line.indexOf(folder + "/");
            if (from >= 0 && line.endsWith(DELETED)) {
                mapped.add(Path.of(line.substring(from, line.length() - DELETED.length())));
            }
        }
        return mapped;
    }

    /** Kernels read the scale and the last sum in place. */
    @Test
    void anOpenSessionHoldsTheFilesOfTheWeightsThatItReadsInPlaceAndNoOther() throws Exception {
        ModelGraph graph = wide();
        List<Path> folders = new ArrayList<>();
        Map<Path, Long> sizes = new HashMap<>();
        InputBuffers inputs = new InputBuffers(WeightMemory::of, weights -> {
            WeightsOnDisk written = WeightsOnDisk.write(weights);
            folders.add(written.folder());
            try (Stream<Path> files = Files.list(written.folder())) {
                for (Path each : files.toList()) {
                    sizes.put(each, Files.size(each));
                }
            }
            return written;
        });

        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults(), inputs)) {
            Set<Path> mapped = mappedThoughDeleted(folders.get(0));

            assertThat(session.card()).isEqualTo(graph.card());
            assertThat(mapped.stream().mapToLong(sizes::get).sum())
                    .as("of %s held, of %s", mapped, sizes)
                    .isLessThanOrEqualTo(Float.BYTES * (WIDE + 3L));
            assertThat(sizes).hasSize(graph.weights().size());
        }
    }

    @Test
    void aSessionOfALargeModelIsOpenedFromFilesThatAreGoneAfterwards() throws Exception {
        ModelGraph graph = wide();
        assertThat(WeightsOnDisk.pays(graph.weights())).isTrue();
        List<Integer> asked = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        InputBuffers inputs = new InputBuffers(counted(asked), weights -> {
            WeightsOnDisk written = WeightsOnDisk.write(weights);
            folders.add(written.folder());
            return written;
        });
        FloatTensor changed = drawn(WIDE);

        try (ModelSession session = ModelSession.open(
                        graph, WeightDelta.of(Map.of("b", changed)), SessionSettings.defaults(), inputs);
                ModelSession source = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults(), inputs)) {
            assertThat(asked).as("no weights in memory besides").isEmpty();
            assertThat(folders).hasSize(2).noneMatch(Files::exists);
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

    @Test
    void whatKilledProcessesLeftIsDeletedAndNothingElse(@TempDir Path parent) throws Exception {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(parent.resolve("acclimate-session-7-link"), elsewhere);
        Path left = Files.createDirectory(parent.resolve("acclimate-session-7-abc"));
        Path used = Files.createDirectory(parent.resolve("acclimate-session-8-abc"));
        Path other = Files.createDirectory(parent.resolve("other-session-7-abc"));
        for (Path each : List.of(elsewhere, left, used, other)) {
            Files.writeString(each.resolve("w0"), "");
        }

        WeightsOnDisk.deleteLeft(parent, process -> process == 8);
        WeightsOnDisk.deleteLeft(parent.resolve("none"), process -> false);

        assertThat(left).doesNotExist();
        assertThat(link).exists();
        for (Path each : List.of(elsewhere, used, other)) {
            assertThat(each.resolve("w0")).exists();
        }
    }

    @Test
    void aFolderSaysWhoseItIs() throws Exception {
        try (WeightsOnDisk written = WeightsOnDisk.write(Map.of("w", drawn(2)))) {
            assertThat(written.folder().getFileName().toString())
                    .startsWith("acclimate-session-" + ProcessHandle.current().pid() + "-");
        }
    }
}
