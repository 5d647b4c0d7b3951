package io.acclimate.infer;

import static io.acclimate.infer.ForeignNetworks.HEIGHT;
import static io.acclimate.infer.ForeignNetworks.WIDTH;
import static io.acclimate.infer.ForeignNetworks.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that end in bytes, as converters from TensorFlow Lite leave them: one step of a byte is a step of the score. */
class QuantisedOutputTest {
    @TempDir
    Path folder;

    private ModelGraph read(ForeignNetworks network) throws Exception {
        return ModelGraph.read(Files.write(folder.resolve("m.onnx"), network.toOnnx()));
    }

    private static ForeignNetworks softmax() {
        return new ForeignNetworks()
                .input("x", DataType.FLOAT, "N", 3, HEIGHT, WIDTH)
                .body("x", "y", DataType.FLOAT, 3)
                .node("Softmax", List.of("y"), List.of("p"), integer("axis", 1));
    }

    @ParameterizedTest
    @CsvSource({"UINT8, 0", "INT8, -128"})
    void bytesAreServedAsTheProbabilitiesThatTheyStandFor(DataType type, int zero) throws Exception {
        ForeignNetworks bytes = softmax();
        bytes.node(
                        "QuantizeLinear",
                        List.of("p", bytes.scalar("step", DataType.FLOAT, 1 / 256.0), bytes.scalar("zero", type, zero)),
                        List.of("q"))
                .output("q", type, "N", 3);
        float[] exact =
                ExportedFormsTest.served(read(softmax().output("p", DataType.FLOAT, "N", 3)), TwelveNetworks.PICTURE);

        ModelGraph graph = read(bytes);

        assertThat(graph.card().outputKind()).isEqualTo(OutputKind.PROBABILITIES);
        assertThat(ExportedFormsTest.served(graph, TwelveNetworks.PICTURE))
                .containsExactly(exact, within(1 / 512f + 1e-6f));
    }

    /** Features as bytes. A step of them is 1/16. */
    private static ForeignNetworks features(String step, String zero) {
        ForeignNetworks network = new ForeignNetworks()
                .input("x", DataType.FLOAT, "N", 3, HEIGHT, WIDTH)
                .body("x", "y", DataType.FLOAT, 3);
        network.scalar(step, DataType.FLOAT, 1 / 16.0);
        network.scalar(zero, DataType.UINT8, 128);
        return network.node("QuantizeLinear", List.of("y", step, zero), List.of("bytes"));
    }

    /** Rotates the three scores by a matrix of bytes, without a QuantizeLinear behind it. */
    private static ForeignNetworks product() {
        ForeignNetworks network = features("s", "z");
        network.matrix("w", DataType.UINT8, new long[] {3, 3}, 0, 0, 2, 2, 0, 0, 0, 2, 0);
        network.scalar("ws", DataType.FLOAT, 0.5);
        network.scalar("wz", DataType.UINT8, 0);
        network.scalar("qs", DataType.FLOAT, 1 / 8.0);
        network.scalar("qz", DataType.UINT8, 100);
        return network.node("QLinearMatMul", List.of("bytes", "s", "z", "w", "ws", "wz", "qs", "qz"), List.of("q"));
    }

    private static ForeignNetworks softmaxOfBytes() {
        ForeignNetworks network = features("s", "z");
        network.scalar("qs", DataType.FLOAT, 1 / 256.0);
        network.scalar("qz", DataType.UINT8, 0);
        return network.microsoft(
                "QLinearSoftmax",
                List.of("bytes", "s", "z", "qs", "qz"),
                List.of("q"),
                integer("axis", 1),
                integer("opset", 17));
    }

    @ParameterizedTest
    @CsvSource({"true, LOGITS", "false, PROBABILITIES"})
    void bytesThatAnOperatorComputesStandForWhatItSays(boolean product, OutputKind kind) throws Exception {
        ForeignNetworks bytes = (product ? product() : softmaxOfBytes()).output("q", DataType.UINT8, "N", 3);
        ForeignNetworks floats = (product ? product() : softmaxOfBytes())
                .node("DequantizeLinear", List.of("q", "qs", "qz"), List.of("f"))
                .output("f", DataType.FLOAT, "N", 3);

        ModelGraph graph = read(bytes);

        assertThat(graph.card().outputKind()).isEqualTo(kind);
        assertThat(ExportedFormsTest.served(graph, TwelveNetworks.PICTURE))
                .containsExactly(ExportedFormsTest.served(read(floats), TwelveNetworks.PICTURE), within(1e-6f))
                .satisfies(scores -> assertThat(scores[0]).isNotEqualTo(scores[1]));
    }

    @Test
    void bytesOfWhichTheGraphDoesNotSayWhatTheyStandForAreRefused() {
        ForeignNetworks bytes = softmax()
                .node("Cast", List.of("p"), List.of("q"), integer("to", DataType.UINT8.getNumber()))
                .output("q", DataType.UINT8, "N", 3);

        assertThatThrownBy(() -> read(bytes))
                .hasMessageContaining("it does not say which of its outputs holds the scores");
    }

    @Test
    void namesOfClassesMayBeATupleOfPython() throws Exception {
        ForeignNetworks named =
                softmax().output("p", DataType.FLOAT, "N", 3).metadata("class_names", "('cat', \"dog's\", 'fox')");

        assertThat(read(named).card().classes().names()).containsExactly("cat", "dog's", "fox");
    }
}
