package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassNames;
import io.acclimate.onnx.node.InvalidModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    @TempDir
    Path folder;

    @Test
    void theCardOfAModelHasItsNameAndStandsBesideIt() {
        assertThat(ModelCard.beside(Path.of("a/b.onnx"))).isEqualTo(Path.of("a/b.yaml"));
        assertThat(ModelCard.beside(Path.of("model"))).isEqualTo(Path.of("model.yaml"));
    }

    @Test
    void aCardIsReadFromItsFile() throws Exception {
        Path file = Files.writeString(folder.resolve("c.yaml"), CardYaml.write(Cards.card()));

        assertThat(CardYaml.read(file)).isEqualTo(Cards.card());
    }

    @Test
    void aFileThatIsMissingOrFarTooLargeIsRefusedByName() throws Exception {
        Path large = Files.write(folder.resolve("large.yaml"), new byte[3_000_001]);

        assertThatThrownBy(() -> CardYaml.read(folder.resolve("none.yaml")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("none.yaml: the card cannot be read");
        assertThatThrownBy(() -> CardYaml.read(large))
                .hasMessageContaining("at most 3000000 bytes, this file has 3000001");
    }

    @Test
    void provenanceIsAddedOrReplacedAndTheRestStays() {
        ModelCard card = Cards.card();

        assertThat(card.withProvenance(Map.of("epochs", "3")).provenance())
                .isEqualTo(Map.of("seed", "7", "epochs", "3"));
        assertThat(card.replacingProvenance(Map.of("epochs", "3")).provenance()).isEqualTo(Map.of("epochs", "3"));
        assertThat(card.withClasses(new ClassNames(List.of("a"))).provenance()).isEqualTo(card.provenance());
        assertThat(card.withClasses(new ClassNames(List.of("a"))).classes().names())
                .containsExactly("a");
    }

    @Test
    void aCardWithoutANameIsRefused() {
        ModelCard card = Cards.card();

        assertThatThrownBy(() -> new ModelCard(
                        " ",
                        card.inputName(),
                        card.input(),
                        card.outputName(),
                        card.outputKind(),
                        card.classes(),
                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
