package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.card.ModelCard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageTest {
    @TempDir
    Path folder;

    private static ModelVersion version(long number) {
        return new ModelVersion(
                new VersionId(new DomainId("east"), number),
                number - 1,
                Digest.of(new byte[] {1}),
                List.of("cat", "dog"),
                Digest.of(new byte[] {2}),
                new Coordinates("model-weights", 0, 7),
                1,
                100,
                Instant.parse("2026-01-02T03:04:05Z"),
                Map.of("samplesSeen", "544", "candidateAccuracy", "0.875", "holdoutSize", "128", "cpu", "two\nlines"));
    }

    private static Map<String, String> metadata(ModelProto model) {
        return model.getMetadataPropsList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    }

    @Test
    void saysVersionDigestsSamplesAndEvidence() {
        Map<String, String> said = metadata(Lineage.of(version(4)).addTo(ModelProto.getDefaultInstance()));

        assertThat(said)
                .containsEntry("acclimate.domain", "east")
                .containsEntry("acclimate.version", "4")
                .containsEntry("acclimate.parent", "3")
                .containsEntry("acclimate.createdAt", "2026-01-02T03:04:05Z")
                .containsEntry("acclimate.samplesSeen", "544")
                .containsEntry("acclimate.candidateAccuracy", "0.875")
                .containsEntry("acclimate.holdoutSize", "128")
                .containsEntry(
                        "acclimate.weights.sha256", Digest.of(new byte[] {2}).hex())
                .containsEntry(
                        "acclimate.base.sha256", Digest.of(new byte[] {1}).hex());
    }

    @Test
    void replacesTheFactsOfAnEarlierExportAndKeepsOtherMetadata() {
        ModelProto exporters = ModelProto.newBuilder()
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("author").setValue("somebody"))
                .build();

        ModelProto twice = Lineage.of(version(5)).addTo(Lineage.of(version(4)).addTo(exporters));

        assertThat(metadata(twice)).containsEntry("author", "somebody").containsEntry("acclimate.version", "5");
        assertThat(twice.getMetadataPropsList())
                .extracting(StringStringEntryProto::getKey)
                .doesNotHaveDuplicates();
    }

    @Test
    void fileAndCardSayItAndAreReadAsBefore() throws Exception {
        ModelGraph graph = twoClasses();
        Path file = folder.resolve("exported.onnx");

        graph.write(file, WeightDelta.EMPTY, Lineage.of(version(4)));

        ModelGraph read = ModelGraph.read(file);
        assertThat(read.card().provenance())
                .containsEntry("author", "somebody")
                .containsEntry("acclimate.version", "4")
                .containsEntry("acclimate.cpu", "two\nlines");
        assertThat(read.card().classes()).isEqualTo(graph.card().classes());
        assertThat(read.weights()).isEqualTo(graph.weights());
        assertThat(metadata(ModelProto.parseFrom(Files.readAllBytes(file))))
                .containsEntry("acclimate.samplesSeen", "544");
    }

    @Test
    void theSourceModelKeepsItsDigest() throws Exception {
        ModelGraph graph = twoClasses();
        Path file = folder.resolve("source.onnx");

        graph.write(file, WeightDelta.EMPTY);

        assertThat(ModelGraph.read(file).digest()).isEqualTo(graph.digest());
        assertThat(ModelGraph.read(file).card()).isEqualTo(graph.card());
    }

    private static ModelGraph twoClasses() throws Exception {
        GraphBuilder graph = new GraphBuilder("two", 17)
                .input("x", Shape.of(3, 8, 8))
                .weight("w", FloatTensor.wrap(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6}))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(2));
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        InputSpec input = new InputSpec(
                3, 8, 8, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, half, half);
        ClassNames classes = new ClassNames(List.of("cat", "dog"));
        return ModelGraph.of(
                graph.toOnnx(),
                new ModelCard(
                        "two", "x", input, "y", ModelCard.OutputKind.LOGITS, classes, Map.of("author", "somebody")));
    }
}
