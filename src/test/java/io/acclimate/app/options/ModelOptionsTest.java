package io.acclimate.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ModelOptionsTest {
    @Command(name = "any")
    static class Any {
        @Mixin
        ModelOptions model = new ModelOptions();
    }

    @TempDir
    Path folder;

    private static ModelOptions parsed(String... arguments) {
        Any any = new Any();
        new CommandLine(any).parseArgs(arguments);
        return any.model;
    }

    @Test
    void withoutAFlagTheBundledModelServesItsOwnClasses() throws Exception {
        ModelOptions options = parsed();

        assertThat(options.classes()).isEmpty();
        assertThat(options.graph().digest()).isEqualTo(ModelOptions.bundled().digest());
    }

    @Test
    void classesMayBeAListOrAFileWithOneNameALine() throws Exception {
        Path file = Files.writeString(folder.resolve("classes.txt"), "cat\n\n dog \n");
        ClassNames expected = new ClassNames(List.of("cat", "dog"));

        assertThat(parsed("--classes", "cat, dog").classes()).hasValue(expected);
        assertThat(parsed("--classes", file.toString()).classes()).hasValue(expected);
    }

    @Test
    void wordThatIsNeitherFileNorListIsRefused() {
        assertThatThrownBy(() -> parsed("--classes", "cats").classes())
                .hasMessageContaining("'cats' is no file and no list");
    }

    @Test
    void aNamedCardThatDoesNotExistIsNotReplacedByGuesses() throws Exception {
        Path model = folder.resolve("m.onnx");
        Files.write(
                model,
                new GraphBuilder("g", 17)
                        .input("image", Shape.of(3, 8, 8))
                        .node("GlobalAveragePool", List.of("image"), List.of("p"), Map.of())
                        .node("Flatten", List.of("p"), List.of("y"), Map.of())
                        .output("y", Shape.of(3))
                        .toOnnx());

        assertThatThrownBy(() -> parsed("--model", model.toString(), "--card", folder + "/n.yaml")
                        .source())
                .hasMessageContaining("n.yaml: the card that --card names does not exist");
        assertThat(parsed("--model", model.toString()).source().remarks()).isNotEmpty();
    }

    @Test
    void otherClassesGiveAHeadOfTheirWidth() throws Exception {
        assertThat(parsed("--classes", "Bag,Coat,Kettle")
                        .graph()
                        .card()
                        .classes()
                        .count())
                .isEqualTo(3);
    }
}
