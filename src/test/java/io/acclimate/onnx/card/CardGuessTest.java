package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CardGuessTest {
    private static GraphBuilder images(int... row) {
        return new GraphBuilder("g", 17).input("image", Shape.of(row));
    }

    private static ModelCard guessed(GraphBuilder builder) throws InvalidModelException {
        return CardGuess.of("f.onnx", "f", Cards.model(builder), Optional.empty())
                .card();
    }

    private static GraphBuilder endingIn(String type) {
        return images(3, 8, 8)
                .node("Flatten", List.of("image"), List.of("flat"), Map.of())
                .node(type, List.of("flat"), List.of("y"), Map.of())
                .output("y", Shape.of(192));
    }

    @Test
    void theLayoutFollowsFromWhereTheChannelsAre() throws Exception {
        InputSpec first =
                guessed(images(3, 8, 9).output("y", Shape.of(2))).input().picture();
        InputSpec last =
                guessed(images(8, 9, 3).output("y", Shape.of(2))).input().picture();
        InputSpec grey =
                guessed(images(1, 8, 9).output("y", Shape.of(2))).input().picture();

        assertThat(first.layout()).isEqualTo(InputSpec.Layout.NCHW);
        assertThat(last.layout()).isEqualTo(InputSpec.Layout.NHWC);
        assertThat(last.height()).isEqualTo(8);
        assertThat(last.width()).isEqualTo(9);
        assertThat(grey.colour()).isEqualTo(InputSpec.Colour.GREY);
    }

    @Test
    void largeColourImagesAreNormalisedAsForImageNetAndOthersAroundOneHalf() throws Exception {
        assertThat(guessed(images(3, 128, 128).output("y", Shape.of(2)))
                        .input()
                        .picture()
                        .mean())
                .containsExactly(0.485f, 0.456f, 0.406f);
        assertThat(guessed(images(3, 127, 127).output("y", Shape.of(2)))
                        .input()
                        .picture()
                        .mean())
                .containsExactly(0.5f, 0.5f, 0.5f);
        assertThat(guessed(images(1, 128, 128).output("y", Shape.of(2)))
                        .input()
                        .picture()
                        .std())
                .containsExactly(0.5f);
    }

    @Test
    void theOutputsKindFollowsFromItsLastOperator() throws Exception {
        assertThat(guessed(endingIn("Softmax")).outputKind()).isEqualTo(ModelCard.OutputKind.PROBABILITIES);
        assertThat(guessed(endingIn("Sigmoid")).outputKind()).isEqualTo(ModelCard.OutputKind.PROBABILITIES);
        assertThat(guessed(endingIn("Relu")).outputKind()).isEqualTo(ModelCard.OutputKind.LOGITS);
        assertThat(guessed(images(3, 8, 8)
                                .node("Softmax", List.of("image"), List.of("p"), Map.of())
                                .node("Flatten", List.of("p"), List.of("y"), Map.of())
                                .output("y", Shape.of(192)))
                        .outputKind())
                .isEqualTo(ModelCard.OutputKind.PROBABILITIES);
    }

    @Test
    void theBestScoresInTheirOrderAreNoScoresOfClasses() {
        GraphBuilder best = images(3, 8, 8)
                .node("Flatten", List.of("image"), List.of("flat"), Map.of())
                .constant("k", 2)
                .node("TopK", List.of("flat", "k"), List.of("values", "at"), Map.of())
                .output("values", Shape.of(2));

        assertThatThrownBy(() -> guessed(best))
                .hasMessageContaining("does not say which of its outputs holds the scores: ['values'")
                .hasMessageContaining("by TopK");
    }

    @Test
    void classesAreNamedByIndexAndTheCardSaysThatItIsGuessed() throws Exception {
        ModelCard card = guessed(images(3, 8, 8).output("y", Shape.of(3)));

        assertThat(card.classes().names()).containsExactly("0", "1", "2");
        assertThat(card.provenance()).containsEntry("card", "guessed from the graph");
    }

    @Test
    void withoutADeclaredWidthTheLastMatrixSaysHowManyClassesThereAre() throws Exception {
        GraphBuilder matrix = images(3, 8, 8)
                .weight("w", FloatTensor.wrap(Shape.of(5, 192), new float[960]))
                .node("Gemm", List.of("image", "w"), List.of("y"), Map.of("transB", 1L))
                .output("y", Shape.of());

        assertThat(guessed(matrix).classes().count()).isEqualTo(5);
    }

    @Test
    void whatTheGraphDoesNotSayIsRefusedByName() {
        assertThatThrownBy(() -> guessed(images(8).output("y", Shape.of(2))))
                .hasMessageContaining("'image' has 2 extents");
        assertThatThrownBy(() -> guessed(images(4, 8, 8).output("y", Shape.of(2))))
                .hasMessageContaining("'image' does not say channels");
        assertThatThrownBy(() -> guessed(images(3, 8, 8).output("y", Shape.of())))
                .hasMessageContaining("'y' does not say how many classes");
        assertThatThrownBy(() -> guessed(images(3, 8, 8).output("y", Shape.of(1_000_001))))
                .hasMessageContaining("has 1000001 classes");
    }
}
