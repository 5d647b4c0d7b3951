package io.acclimate.infer;

import static io.acclimate.infer.ForeignNetworks.HEIGHT;
import static io.acclimate.infer.ForeignNetworks.WIDTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.acclimate.infer.TwelveNetworks.Network;
import io.acclimate.onnx.ModelGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twelve networks that are not torchvision's. What each serves is compared with ONNX Runtime on the file as it is, fed as the users of
 * its framework feed it.
 */
class ForeignNetworksTest {
    private static final DataType FLOAT = DataType.FLOAT;

    @TempDir
    Path folder;

    static Stream<Network> twelve() {
        return Stream.of(
                TwelveNetworks.channelsLast(),
                TwelveNetworks.bytes(),
                TwelveNetworks.rescaling(),
                TwelveNetworks.twoOutputs(),
                TwelveNetworks.rankFour(),
                TwelveNetworks.sigmoid(),
                TwelveNetworks.halfPrecision(),
                TwelveNetworks.quantised(),
                TwelveNetworks.zipMap(),
                TwelveNetworks.paddle(),
                TwelveNetworks.dynamicSize(),
                TwelveNetworks.named());
    }

    @ParameterizedTest
    @MethodSource("twelve")
    void withoutACardItServesWhatItsFileGivesOrNamesTheKeyToSet(Network network) throws Exception {
        Path file = Files.write(folder.resolve("m.onnx"), network.file().toOnnx());
        if (network.name().equals("dynamic size")) {
            assertThatThrownBy(() -> ModelGraph.read(file))
                    .hasMessageContaining("'x' takes 3 channels and leaves open how large a picture is")
                    .hasMessageContaining("as shape: [3, HEIGHT, WIDTH]")
                    .hasMessageContaining("Say [shape] in its card");
            return;
        }

        ModelGraph graph = ModelGraph.read(file);

        assertThat(ExportedFormsTest.served(graph, TwelveNetworks.PICTURE))
                .containsExactly(TwelveNetworks.expected(network), within(1e-3f));
        assertThat(graph.card().classes().names()).isEqualTo(network.classes());
    }

    @ParameterizedTest
    @MethodSource("twelve")
    void withTheKeysOfACardItServesWhatItsFileGives(Network network) throws Exception {
        Path file = Files.write(folder.resolve("m.onnx"), network.file().toOnnx());
        Files.writeString(folder.resolve("m.yaml"), network.card() + "\n");

        ModelGraph graph = ModelGraph.read(file);

        assertThat(ExportedFormsTest.served(graph, TwelveNetworks.PICTURE))
                .containsExactly(TwelveNetworks.expected(network), within(1e-3f));
    }

    @Test
    void twoOutputsOfWhichNoneStandsOutAreListedAndTheCommandLineDecides() throws Exception {
        ForeignNetworks twoTasks = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        twoTasks.body("x", "kind", FLOAT, 3)
                .node("Gemm", List.of("features", twoTasks.weights("w", FLOAT, 1, 4, 2)), List.of("colour"))
                .output("kind", FLOAT, "N", 3)
                .output("colour", FLOAT, "N", 2);
        Path file = Files.write(folder.resolve("m.onnx"), twoTasks.toOnnx());

        assertThatThrownBy(() -> ModelGraph.read(file))
                .hasMessageContaining("['kind' float[batch, 3] by Gemm, 'colour' float[batch, 2] by Gemm]")
                .hasMessageContaining("--output or by the key 'output'");
        assertThat(ModelGraph.read(file, folder.resolve("none.yaml"), Optional.of("colour"))
                        .card()
                        .classes()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aTemplateMarksWhatIsMissingAndServesOnceItIsFilledIn() throws Exception {
        Network network = TwelveNetworks.dynamicSize();
        Path file = Files.write(folder.resolve("m.onnx"), network.file().toOnnx());
        Path card = folder.resolve("m.yaml");

        String template = ModelGraph.cardTemplate(file, card, Optional.empty());

        assertThat(template)
                .contains(
                        "# GAP: its input 'x' takes 3 channels", "shape: \"?\"", "colour: RGB", "kind: PROBABILITIES");
        assertThat(template.lines().filter(line -> line.endsWith(": \"?\""))).allSatisfy(line -> assertThat(template)
                .containsPattern("# (GAP|GUESS): [^\n]+\n" + Pattern.quote(line)));
        Files.writeString(card, template.replace("shape: \"?\"", network.card()));
        assertThat(ExportedFormsTest.served(ModelGraph.read(file), TwelveNetworks.PICTURE))
                .containsExactly(TwelveNetworks.expected(network), within(1e-3f));
    }
}
