package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.node.InvalidModelException;
import org.junit.jupiter.api.Test;

class CardCheckTest {
    private static GraphBuilder graph(String input, String output, int classes, int... row) {
        return new GraphBuilder("g", 17).input(input, Shape.of(row)).output(output, Shape.of(classes));
    }

    private static void check(GraphBuilder graph) throws InvalidModelException {
        CardCheck.check("m.onnx", Cards.card(), Cards.graph(graph));
    }

    @Test
    void aCardThatSpeaksOfItsGraphPasses() {
        assertThatCode(() -> check(graph("image", "scores", 2, 1, 4, 6))).doesNotThrowAnyException();
    }

    @Test
    void anExtentThatTheGraphLeavesOpenIsNoContradiction() {
        assertThatCode(() -> check(graph("image", "scores", 2, 1, 0, 6))).doesNotThrowAnyException();
    }

    @Test
    void contradictionsNameBothSides() {
        assertThatThrownBy(() -> check(graph("image", "scores", 2, 1, 4, 7)))
                .hasMessage("m.onnx: the card says that a row of the input is [1, 4, 6], the graph says [1, 4, 7]");
        assertThatThrownBy(() -> check(graph("image", "scores", 2, 1, 4)))
                .hasMessageContaining("[1, 4, 6], the graph says [1, 4]");
        assertThatThrownBy(() -> check(graph("image", "scores", 3, 1, 4, 6)))
                .hasMessage("m.onnx: the card names 2 classes, the output has 3");
        assertThatThrownBy(() -> check(graph("picture", "scores", 2, 1, 4, 6)))
                .hasMessage("m.onnx: the card names input 'image', the graph has [picture]");
        assertThatThrownBy(() -> check(graph("image", "logits", 2, 1, 4, 6)))
                .hasMessage("m.onnx: the card names output 'scores', the graph has [logits]");
    }

    @Test
    void aGraphWithASecondInputIsNoClassifier() {
        assertThatThrownBy(() -> check(graph("image", "scores", 2, 1, 4, 6).input("mask", Shape.of(1))))
                .hasMessage(
                        "m.onnx: has 2 inputs, [image, mask], a classifier has 1: export it with a constant in place of each other one");
    }
}
