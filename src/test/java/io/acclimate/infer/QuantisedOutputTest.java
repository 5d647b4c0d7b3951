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
