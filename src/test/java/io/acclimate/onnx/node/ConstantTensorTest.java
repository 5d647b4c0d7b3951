package io.acclimate.onnx.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantTensorTest {
    private static final ConstantTensor INTEGERS = ConstantTensor.ofLongs(Shape.of(2), new long[] {3, -4});
    private static final ConstantTensor FLOATS =
            ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(2), new float[] {2.9f, -2.9f}));

    @Test
    void floatsReadAsIntegersAreTruncatedAndIntegersReadAsFloats() {
        assertThat(FLOATS.longs()).containsExactly(2, -2);
        assertThat(INTEGERS.floats()).containsExactly(3, -4);
        assertThat(INTEGERS.integral()).isTrue();
        assertThat(FLOATS.integral()).isFalse();
    }

    @Test
    void whatACallerWritesIntoAnAnswerChangesNothing() {
        INTEGERS.longs()[0] = 99;
        FLOATS.floats()[0] = 99;

        assertThat(INTEGERS.longs()).containsExactly(3, -4);
        assertThat(FLOATS.floats()).containsExactly(2.9f, -2.9f);
    }

    @Test
    void aNodeSaysWhichOptionalInputsItHas() {
        GraphNode node = new GraphNode(
                "Resize", "", 13, "r", List.of("x", "", "scales"), List.of("y"), new Attributes(List.of()));

        assertThat(node.hasInput(0)).isTrue();
        assertThat(node.hasInput(1)).isFalse();
        assertThat(node.hasInput(2)).isTrue();
        assertThat(node.hasInput(3)).isFalse();
        assertThat(node).hasToString("Resize 'r'");
    }
}
