package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RescalingTest {
    /** A factor and an offset in front of the first layer. */
    @ParameterizedTest
    @CsvSource({
        "0.003921569, 0, FROM_BYTES",
        "0.007843137, -1, FROM_BYTES",
        "1, -117, FROM_BYTES",
        "2, -1, FROM_UNIT",
        "4.4, -2.1, FROM_UNIT",
        "255, -117, FROM_UNIT",
        "0.3, 0, NONE",
        "1, 0, NONE",
    })
    void theArithmeticSaysWhatPixelsTheGraphTakes(float factor, float offset, Rescaling expected) {
        GraphBuilder graph = new GraphBuilder("g", 17)
                .input("image", Shape.of(3, 8, 8))
                .weight("factor", FloatTensor.wrap(Shape.of(), new float[] {factor}))
                .weight("offset", FloatTensor.wrap(Shape.of(), new float[] {offset}))
                .node("Mul", List.of("image", "factor"), List.of("a"), Map.of())
                .node("Add", List.of("a", "offset"), List.of("b"), Map.of())
                .node("Relu", List.of("b"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 8, 8));

        assertThat(Rescaling.of(Cards.graph(graph), "image")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"3400, 120, FROM_BYTES", "100, 30, FROM_BYTES", "99, 30, NONE", "1, 0, NONE", "0.07, 0.48, NONE"})
    void aBatchNormThatPixelsGoThroughFirstKnowsHowTheyVaried(float variance, float mean, Rescaling expected) {
        GraphBuilder graph = new GraphBuilder("g", 17)
                .input("image", Shape.of(3, 8, 8))
                .weight("scale", each(1))
                .weight("bias", each(0))
                .weight("mean", each(mean))
                .weight("variance", each(variance))
                .node(
                        "BatchNormalization",
                        List.of("image", "scale", "bias", "mean", "variance"),
                        List.of("b"),
                        Map.of("epsilon", 1e-5f))
                .node("Relu", List.of("b"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 8, 8));

        assertThat(Rescaling.of(Cards.graph(graph), "image")).isEqualTo(expected);
    }

    /** Bytes are made of 0 to 1 and their mean is taken away before the norm. */
    @Test
    void aBatchNormBehindArithmeticChangesNoVerdict() {
        GraphBuilder graph = new GraphBuilder("g", 17)
                .input("image", Shape.of(3, 8, 8))
                .weight("factor", FloatTensor.wrap(Shape.of(), new float[] {255}))
                .weight("centre", FloatTensor.wrap(Shape.of(), new float[] {120}))
                .weight("scale", each(1))
                .weight("bias", each(0))
                .weight("mean", each(0))
                .weight("variance", each(3400))
                .node("Mul", List.of("image", "factor"), List.of("bytes"), Map.of())
                .node("Sub", List.of("bytes", "centre"), List.of("a"), Map.of())
                .node(
                        "BatchNormalization",
                        List.of("a", "scale", "bias", "mean", "variance"),
                        List.of("b"),
                        Map.of("epsilon", 1e-5f))
                .node("Relu", List.of("b"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 8, 8));

        assertThat(Rescaling.of(Cards.graph(graph), "image")).isEqualTo(Rescaling.FROM_UNIT);
    }

    private static FloatTensor each(float value) {
        return FloatTensor.wrap(Shape.of(3), new float[] {value, value, value});
    }

    /** BGR made of RGB, or the middle of a larger picture. */
    @ParameterizedTest
    @CsvSource({"Gather, 2 1 0", "Slice, 0"})
    void channelsThatAreTurnedRoundFirstChangeNothing(String type, String numbers) {
        long[] indices =
                Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
        GraphBuilder graph = new GraphBuilder("g", 17)
                .input("image", Shape.of(3, 8, 8))
                .constant("at", indices)
                .constant("end", 3)
                .weight("factor", FloatTensor.wrap(Shape.of(), new float[] {255}))
                .node(
                        type,
                        type.equals("Gather") ? List.of("image", "at") : List.of("image", "at", "end"),
                        List.of("turned"),
                        type.equals("Gather") ? Map.of("axis", 1L) : Map.of())
                .node("Div", List.of("turned", "factor"), List.of("b"), Map.of())
                .node("Relu", List.of("b"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 8, 8));

        assertThat(Rescaling.of(Cards.graph(graph), "image")).isEqualTo(Rescaling.FROM_BYTES);
    }
}
