package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput.TensorInput;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardYamlTest {
    private static final String YAML = CardYaml.write(Cards.card());

    @Test
    void aCardReadsBackWithClassesThatYamlWouldTakeForOtherThings() throws Exception {
        ModelCard again = CardYaml.parse("digits.yaml", YAML);

        assertThat(again).isEqualTo(Cards.card());
        assertThat(again.classes().names()).containsExactly("no", "1e3");
    }

    @Test
    void numbersAreWrittenAsShortAsTheyAre() {
        assertThat(YAML).contains("- 0.1\n").contains("- 0.3\n");
    }

    @Test
    void theShapeIsThatOfARowInItsLayout() throws Exception {
        String last = YAML.replace("NCHW", "nhwc").replace("- 1\n- 4\n- 6\n", "- 4\n- 6\n- 1\n");

        InputSpec input = CardYaml.parse("digits.yaml", last).input().picture();

        assertThat(input.channels()).isEqualTo(1);
        assertThat(input.height()).isEqualTo(4);
        assertThat(input.width()).isEqualTo(6);
        assertThat(input.layout()).isEqualTo(InputSpec.Layout.NHWC);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "name: digits | nam: digits | unknown key 'nam'",
                "kind: LOGITS | kind: SCORES | 'kind' must be one of",
                "name: digits | name: [a] | 'name' is not a single value",
                "output: scores | output: scores\\nname: again | 'name' is given twice",
                "- 6 | - six | six",
                "- 0.1 | - NaN | 'mean' holds 'NaN', which is no number of its kind",
                "- 0.3 | - 1e39 | 'std' holds '1e39', which is no number of its kind",
                "- 6 | - 6\\n- 7 | shape needs 3 extents",
                "name: digits | \"\" | 'name' is missing",
            })
    void whatIsNoCardIsRefusedWithFileAndReason(String good, String bad, String reason) {
        String yaml = YAML.replace(good, bad.replace("\\n", "\n"));

        assertThatThrownBy(() -> CardYaml.parse("digits.yaml", yaml))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("digits.yaml: not a model card: ")
                .hasMessageContaining(reason);
    }

    @Test
    void textThatIsNoMappingOrExpandsWithoutBoundIsRefused() {
        String aliases = "a: &a [x, x]\nb: &b [*a, *a]\nclasses: *b\n";

        assertThatThrownBy(() -> CardYaml.parse("c", "")).isInstanceOf(InvalidModelException.class);
        assertThatThrownBy(() -> CardYaml.parse("c", "- 1")).hasMessageContaining("a card is a YAML mapping");
        assertThatThrownBy(() -> CardYaml.parse("c", aliases)).isInstanceOf(InvalidModelException.class);
        assertThatThrownBy(() -> CardYaml.parse("c", "name: [")).isInstanceOf(InvalidModelException.class);
    }

    @Test
    void allThatIsWrongWithACardIsSaidAtOnce() {
        assertThatThrownBy(() -> CardYaml.draft("c.yaml", "nam: x\nlayout: CHWN\nshape: [1, 2]\nmean: [a]\n"))
                .hasMessageContainingAll(
                        "unknown key 'nam'", "'layout' must be one of", "shape needs 3 extents", "'mean' holds 'a'");
    }

    @Test
    void aGapOfATemplateIsAKeyThatIsLeftOut() throws Exception {
        CardDraft card = CardYaml.draft("c.yaml", "shape: \"?\"\nlayout: NHWC\n");

        assertThat(card.picture().shape()).isEmpty();
        assertThat(card.picture().layout()).contains(InputSpec.Layout.NHWC);
        assertThatThrownBy(() -> CardYaml.parse("c.yaml", "shape: \"?\"\nlayout: NHWC\n"))
                .hasMessageContainingAll("'shape' is missing", "'classes' is missing");
    }

    @Test
    void aCardOfNumbersReadsBackWithAnyRowAndWithoutKeysOfPictures() throws Exception {
        String yaml =
                "name: words\ninput: logmel\ncontent: tensor\nshape: [24, 40]\noutput: y\nkind: LOGITS\nclasses: [a, b]\n";

        ModelCard card = CardYaml.parse("words.yaml", yaml);

        assertThat(card.input()).isEqualTo(new TensorInput(Shape.of(24, 40)));
        assertThat(CardYaml.parse("again.yaml", CardYaml.write(card))).isEqualTo(card);
        assertThatThrownBy(() -> CardYaml.parse("words.yaml", yaml + "mean: [0]\n"))
                .hasMessageContaining("'mean' means nothing for a model whose content is TENSOR");
        assertThatThrownBy(() -> card.input().picture())
                .hasMessageContaining("content that the model's card names is TENSOR");
    }
}
