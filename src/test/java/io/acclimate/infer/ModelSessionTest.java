package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ClassScore;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.Networks;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelSessionTest {
    private final ModelGraph graph = BiasModel.graph();

    @Test
    void runsTheVersionsWeightsInPlaceOfTheBases() throws InvalidModelException {
        FloatTensor batch = FloatTensor.wrap(BiasModel.INPUT.row().prepend(3), new float[3 * 192]);
        try (ModelSession source = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults());
                ModelSession third = ModelSession.open(graph, BiasModel.version(3), SessionSettings.defaults())) {
            WarmUp.run(third, graph.card(), 64);

            FloatTensor output = third.run(batch);

            assertThat(output.shape()).isEqualTo(Shape.of(3, 5));
            assertThat(Scores.best(output, 2)).isEqualTo(3);
            assertThat(Scores.best(source.run(batch), 2)).isZero();
            assertThatThrownBy(() -> source.run(FloatTensor.wrap(Shape.of(1, 4), new float[4])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[3, 8, 8]");
        }
    }

    @Test
    void rowsThatAreNotJoinedGiveWhatTheyGiveTogether() throws InvalidModelException {
        float[] weights = new float[192 * BiasModel.CLASSES];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 7 - 3f;
        }
        WeightDelta mixing = WeightDelta.of(Map.of("w", FloatTensor.wrap(Shape.of(192, BiasModel.CLASSES), weights)));
        List<FloatTensor> rows = new ArrayList<>();
        for (int row = 0; row < 5; row++) {
            float[] values = new float[192];
            values[row] = row + 1f;
            rows.add(FloatTensor.wrap(BiasModel.INPUT.row(), values));
        }
        try (ModelSession session = ModelSession.open(graph, mixing, SessionSettings.defaults())) {
            FloatTensor together = session.run(FloatTensor.stack(rows));
            assertThat(session.run(rows)).isEqualTo(together);
            assertThat(session.run(
                            rows.stream().map(ModelSessionTest::madeWhenRead).toList()))
                    .isEqualTo(together);
            assertThat(session.run(rows.subList(3, 4)).row(0))
                    .isEqualTo(session.run(rows).row(3));
            assertThat(session.run(rows).row(3)).isNotEqualTo(session.run(rows).row(2));
            rows.set(1, FloatTensor.wrap(Shape.of(192), new float[192]));
            assertThatThrownBy(() -> session.run(rows))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[3, 8, 8]")
                    .hasMessageContaining("[192]");
        }
    }

    /** A row that fills the room that it is given, which has what the row before it left there. */
    private static ModelInput.Row madeWhenRead(FloatTensor row) {
        return new ModelInput.Row() {
            @Override
            public Shape shape() {
                return row.shape();
            }

            @Override
            public float[] values(float[] room) {
                System.arraycopy(row.values(), 0, room, 0, row.values().length);
                return room;
            }
        };
    }

    @Test
    void sessionsThatFollowEachOtherLeaveNoDirectMemoryToTheCollector() throws InvalidModelException {
        FloatTensor batch = FloatTensor.wrap(BiasModel.INPUT.row().prepend(1_000), new float[192_000]);
        InputBuffers inputs = new InputBuffers();
        List<ModelSession> open = new ArrayList<>();
        long before = Networks.directBytes();
        try {
            for (int version = 1; version <= 50; version++) {
                ModelSession session =
                        ModelSession.open(graph, BiasModel.version(version), SessionSettings.defaults(), inputs);
                // Still open, as each was while it ran: no collection can help.
                open.add(session);
                assertThat(Scores.best(session.run(batch), 999)).isEqualTo(version % BiasModel.CLASSES);
            }
            // One buffer has 1 MiB, the weights of 50 sessions have 200 kB.
            assertThat(Networks.directBytes() - before).isLessThan(4 << 20);
            for (int version = 1; version <= open.size(); version++) {
                assertThat(Scores.best(open.get(version - 1).run(batch), 999))
                        .as("after others were opened from the same memory")
                        .isEqualTo(version % BiasModel.CLASSES);
            }
        } finally {
            open.forEach(ModelSession::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionKeepsItsScoresWhenOthersAreOpenedFromTheSameMemory(SessionSettings.RunMemory memory) throws Exception {
        ModelGraph bundled = ModelOptions.bundled();
        SessionSettings settings = new SessionSettings(1, memory);
        InputBuffers inputs = new InputBuffers();
        FloatTensor batch = image(bundled);
        long before = Networks.directBytes();
        List<ModelSession> open = new ArrayList<>();
        List<FloatTensor> scores = new ArrayList<>();
        try {
            for (int version = 0; version < 40; version++) {
                open.add(ModelSession.open(bundled, scaled(bundled, 1 + version / 100f), settings, inputs));
                scores.add(open.get(version).run(batch));
            }

            assertThat(scores).doesNotHaveDuplicates();
            for (int version = 0; version < 40; version++) {
                assertThat(open.get(version).run(batch)).isEqualTo(scores.get(version));
            }
            // The weights of all 40 have 10 MB.
            assertThat(Networks.directBytes() - before).isLessThan(1 << 20);
        } finally {
            open.forEach(ModelSession::close);
        }
    }

    /** Weights that are folded before the first run, that a kernel packs, and that a kernel reads where they are. */
    @ParameterizedTest
    @EnumSource
    void aSessionReadsNothingOfTheMemoryThatItWasOpenedFrom(SessionSettings.RunMemory memory) throws Exception {
        ModelGraph graph = ModelGraph.of(
                new GraphBuilder("copied", 13)
                        .input("input", BiasModel.INPUT.row())
                        .output("logits", Shape.of(BiasModel.CLASSES))
                        .weight("scale", ones(Shape.of(3, 8, 8)))
                        .weight("shift", ones(Shape.of(3, 8, 8)))
                        .weight("more", ones(Shape.of(3, 8, 8)))
                        .weight("slope", ones(Shape.of(1)))
                        .weight("kernel", ones(Shape.of(8, 3, 3, 3)))
                        .weight("norm", ones(Shape.of(8)))
                        .weight("out", ones(Shape.of(288, BiasModel.CLASSES)))
                        .weight("last", ones(Shape.of(BiasModel.CLASSES)))
                        .node("Add", List.of("shift", "more"), List.of("folded"), Map.of())
                        .node("Mul", List.of("input", "scale"), List.of("scaled"), Map.of())
                        .node("Sub", List.of("scaled", "folded"), List.of("shifted"), Map.of())
                        .node("PRelu", List.of("shifted", "slope"), List.of("bent"), Map.of())
                        .node("Conv", List.of("bent", "kernel", "norm"), List.of("maps"), Map.of())
                        .node(
                                "BatchNormalization",
                                List.of("maps", "norm", "norm", "norm", "norm"),
                                List.of("normal"),
                                Map.of())
                        .node("Flatten", List.of("normal"), List.of("flat"), Map.of())
                        .node("MatMul", List.of("flat", "out"), List.of("sums"), Map.of())
                        .node("Mul", List.of("sums", "last"), List.of("logits"), Map.of())
                        .toOnnx(),
                BiasModel.graph().card());
        Spoilt weights = new Spoilt();
        InputBuffers inputs = new InputBuffers(weights::made, WeightsOnDisk::write);
        FloatTensor batch = image(graph);
        try (ModelSession session =
                        ModelSession.open(graph, WeightDelta.EMPTY, new SessionSettings(1, memory), inputs);
                ModelSession other = ModelSession.open(graph, WeightDelta.EMPTY, new SessionSettings(1, memory))) {
            FloatTensor before = other.run(batch);
            assertThat(weights.spoilt).isGreaterThan(graph.weights().size());

            assertThat(session.run(batch)).isEqualTo(before);
            assertThat(before.values()).doesNotContain(Float.NaN);
        }
    }

    /** Memory that is of no use once it is closed, and that can still be read. */
    private static final class Spoilt implements WeightMemory {
        private FloatBuffer floats = InputBuffers.direct(0);
        private int spoilt;

        WeightMemory made(int count) {
            floats = InputBuffers.direct(count);
            return this;
        }

        @Override
        public FloatBuffer floats() {
            return floats;
        }

        @Override
        public void close() {
            floats.clear();
            while (floats.hasRemaining()) {
                floats.put(Float.NaN);
                spoilt++;
            }
        }
    }

    /** The limit is on what is there at once: what was freed by now has left no trace. */
    @Test
    void theMemoryOfTheWeightsIsGoneWhenTheSessionIsOpen() throws Exception {
        List<WeightMemory> made = new ArrayList<>();
        List<WeightMemory> closed = new ArrayList<>();
        InputBuffers inputs = new InputBuffers(
                floats -> {
                    WeightMemory real = WeightMemory.of(floats);
                    made.add(real);
                    return new WeightMemory() {
                        @Override
                        public FloatBuffer floats() {
                            return real.floats();
                        }

                        @Override
                        public void close() {
                            closed.add(real);
                            real.close();
                        }
                    };
                },
                WeightsOnDisk::write);
        long before = Networks.directBytes();

        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults(), inputs)) {
            assertThat(session.card()).isEqualTo(graph.card());
            assertThat(made).hasSize(1).hasOnlyElementsOfType(WeightMemory.OfSystem.class);
            assertThat(closed).isEqualTo(made);
            assertThat(Networks.directBytes())
                    .as("no buffer waits for the collector, which may free those of others at any time")
                    .isLessThanOrEqualTo(before);
        }
    }

    private static FloatTensor ones(Shape shape) {
        float[] values = new float[(int) shape.elements()];
        Arrays.fill(values, 1);
        return FloatTensor.wrap(shape, values);
    }

    private static FloatTensor image(ModelGraph graph) {
        Shape shape = graph.card().input().row().prepend(1);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 17 / 8f - 1;
        }
        return FloatTensor.wrap(shape, values);
    }

    private static WeightDelta scaled(ModelGraph graph, float factor) {
        Map<String, FloatTensor> weights = new TreeMap<>();
        graph.weights().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
            weights.put(name, FloatTensor.wrap(tensor.shape(), values));
        });
        return WeightDelta.of(weights);
    }

    @Test
    void warmUpRefusesScoresThatAreNotFinite() throws InvalidModelException {
        try (ModelSession session = ModelSession.open(graph, BiasModel.nan(), SessionSettings.defaults())) {
            assertThatThrownBy(() -> WarmUp.run(session, graph.card(), 2))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("NaN");
        }
    }

    @Test
    void refusesWeightsThatDoNotFitTheGraph() {
        WeightDelta stranger = WeightDelta.of(Map.of("c", FloatTensor.wrap(Shape.of(1), new float[1])));
        WeightDelta misshapen = WeightDelta.of(Map.of("b", FloatTensor.wrap(Shape.of(4), new float[4])));

        for (WeightDelta delta : List.of(stranger, misshapen)) {
            assertThatThrownBy(() -> ModelSession.open(graph, delta, SessionSettings.defaults())
                            .close())
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("do not fit");
        }
    }

    @Test
    void topListsTheBestFirstWithSoftmaxOfLogits() {
        ClassNames classes = new ClassNames(List.of("a", "b", "c", "d"));
        FloatTensor output = FloatTensor.wrap(Shape.of(2, 4), new float[] {9, 9, 9, 9, 1, 3, 2, 3});

        List<ClassScore> top = new Scores(OutputKind.LOGITS, classes, 3).top(output, 1);

        assertThat(top).extracting(ClassScore::label).containsExactly("b", "d", "c");
        double sum = Math.exp(1) + 2 * Math.exp(3) + Math.exp(2);
        assertThat((double) top.get(2).confidence()).isCloseTo(Math.exp(2) / sum, within(1e-6));
    }
}
