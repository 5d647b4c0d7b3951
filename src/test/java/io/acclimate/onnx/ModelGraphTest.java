package io.acclimate.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.Networks;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelGraphTest {
    @TempDir
    Path folder;

    private static FloatTensor tensor(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i + extents.length);
        }
        return FloatTensor.wrap(shape, values);
    }

    /** The JDK keeps the direct memory of a read with the thread that read, so the thread has to be new, and alive when it is looked at. */
    @Test
    void theThreadThatReadAModelKeepsNoDirectMemoryOfItsSize() throws Exception {
        Path file = folder.resolve("large.onnx");
        Files.write(
                file,
                new GraphBuilder("large", 13)
                        .input("image", Shape.of(1, 32, 32))
                        .weight("w", tensor(1024, 4096))
                        .node("Flatten", List.of("image"), List.of("flat"), Map.of())
                        .node("MatMul", List.of("flat", "w"), List.of("logits"), Map.of())
                        .output("logits", Shape.of(4096))
                        .toOnnx());
        FutureTask<Long> reading = new FutureTask<>(() -> {
            long before = Networks.directBytes();
            ModelGraph.read(file);
            return Networks.directBytes() - before;
        });

        new Thread(reading).start();

        assertThat(reading.get()).isLessThan(Files.size(file) / 2);
    }

    /** A weight in a Constant node, a bias behind Identity, a shape fixed to batch 1. */
    private static byte[] awkward() {
        return new GraphBuilder("awkward", 13)
                .input("image", Shape.of(1, 2, 2))
                .constant("flat", 1, 4)
                .weight("b", tensor(3))
                .node("Constant", List.of(), List.of("w"), Map.of("value", tensor(4, 3)))
                .node("Identity", List.of("b"), List.of("b2"), Map.of())
                .node("Reshape", List.of("image", "flat"), List.of("rows"), Map.of())
                .node("Gemm", List.of("rows", "w", "b"), List.of("hidden"), Map.of())
                .node("Add", List.of("hidden", "b2"), List.of("logits"), Map.of())
                .output("logits", Shape.of(3))
                .toOnnx();
    }

    private static byte[] withBatchOfOne(byte[] onnx) throws Exception {
        ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
        model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1);
        return model.build().toByteArray();
    }

    private Path file(String name, byte[] bytes) throws Exception {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void constantsAndSharedInitializersBecomeWeightsOfTheirOwn() throws Exception {
        ModelGraph graph = ModelGraph.read(file("awkward.onnx", withBatchOfOne(awkward())));

        assertThat(graph.weights().keySet()).containsExactly("b", "b2", "w");
        assertThat(graph.nodes()).extracting(GraphNode::type).containsExactly("Reshape", "Gemm", "Add");
        String target = graph.nodes().get(0).inputs().get(1);
        assertThat(requireNonNull(graph.constants().get(target)).longs()).containsExactly(-1, 4);
        assertThat(graph.card().classes().count()).isEqualTo(3);
    }

    @Test
    void anExportReadsBackAsTheSameGraphAndRunsOnABatch() throws Exception {
        ModelGraph graph = ModelGraph.read(file("awkward.onnx", withBatchOfOne(awkward())));
        ModelGraph again = ModelGraph.of(graph.export(WeightDelta.EMPTY), graph.card());

        assertThat(again.digest()).isEqualTo(graph.digest());
        assertThat(run(graph.export(WeightDelta.EMPTY), 5)).hasDimensions(5, 3);
    }

    private static float[][] run(byte[] onnx, int batch) throws Exception {
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx)) {
            return run(session, batch);
        }
    }

    private static float[][] run(OrtSession session, int batch) throws Exception {
        float[] pixels = new float[batch * 4];
        Arrays.fill(pixels, 0.5f);
        try (OnnxTensor input = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), FloatBuffer.wrap(pixels), new long[] {batch, 1, 2, 2});
                OrtSession.Result result = session.run(Map.of("image", input))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    @Test
    void theSkeletonRunsWithWeightsHandedOverInMemory() throws Exception {
        ModelGraph graph = ModelGraph.read(file("awkward.onnx", withBatchOfOne(awkward())));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            Map<String, OnnxTensorLike> handed = new HashMap<>();
            for (Map.Entry<String, FloatTensor> each : graph.weights().entrySet()) {
                handed.put(
                        each.getKey(),
                        OnnxTensor.createTensor(
                                environment,
                                FloatBuffer.wrap(each.getValue().values()),
                                each.getValue().shape().extents().stream()
                                        .mapToLong(Integer::longValue)
                                        .toArray()));
            }
            options.addExternalInitializers(handed);
            try (OrtSession session = environment.createSession(graph.skeleton(), options)) {
                assertThat(run(session, 2)).isDeepEqualTo(run(graph.export(WeightDelta.EMPTY), 2));
            }
            handed.values().forEach(OnnxTensorLike::close);
        }
    }

    @Test
    void aDeltaChangesItsTensorsOnlyAndMustFit() throws Exception {
        ModelGraph graph = ModelGraph.read(file("awkward.onnx", awkward()));
        WeightDelta delta = WeightDelta.of(Map.of("b", FloatTensor.wrap(Shape.of(3), new float[] {1, 2, 3})));

        ModelGraph changed = ModelGraph.of(graph.export(delta), graph.card());

        assertThat(requireNonNull(changed.weights().get("b")).values()).containsExactly(1, 2, 3);
        assertThat(changed.weights().get("w")).isEqualTo(graph.weights().get("w"));
        assertThat(changed.digest()).isEqualTo(graph.with(delta).digest()).isNotEqualTo(graph.digest());
        assertThatThrownBy(() -> graph.export(WeightDelta.of(Map.of("b", tensor(4)))))
                .hasMessageContaining("no weight 'b' of shape [4]");
    }

    @Test
    void deltaBytesAreDeterministicAndReadBack() {
        WeightDelta delta = WeightDelta.of(Map.of("b", tensor(3), "a", tensor(2, 2), "c", tensor(1)));

        assertThat(WeightDelta.parse(delta.toBytes())).isEqualTo(delta);
        assertThat(WeightDelta.of(new TreeMap<>(delta.tensors())).toBytes()).isEqualTo(delta.toBytes());
    }

    @Test
    void flippedBitsNeverThrowAnythingElse() throws Exception {
        byte[] good = awkward();
        ModelCard card = ModelGraph.read(file("good.onnx", good)).card();
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                ModelGraph.of(bad, card).nodes();
            } catch (InvalidModelException expected) {
                assertThat(expected).hasMessageContaining("good");
            }
        }
    }

    @Test
    void aCardReadsBackAndContradictionsAreRefused() throws Exception {
        ModelGraph graph = ModelGraph.read(file("awkward.onnx", awkward()));
        ModelCard card = graph.card().withProvenance(Map.of("seed", "1"));
        graph.write(folder.resolve("written.onnx"), WeightDelta.EMPTY);

        assertThat(CardYaml.parse("card", CardYaml.write(card))).isEqualTo(card);
        assertThat(ModelGraph.read(folder.resolve("written.onnx")).card()).isEqualTo(graph.card());
        for (String bad : List.of(
                CardYaml.write(card).replace("- '2'", "- '2'\n- '3'"),
                CardYaml.write(card) + "colour_space: x\n",
                CardYaml.write(card).replace("NCHW", "CHWN"),
                "- a\n",
                "!!java.net.URL ['http://x']\n")) {
            assertThatThrownBy(() -> ModelGraph.of(awkward(), CardYaml.parse("card.yaml", bad)))
                    .isInstanceOf(InvalidModelException.class);
        }
    }
}
