package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NodeFactsTest {
    @Test
    void aListIsReadFromTheAttributeOfOlderOpsetsOrFromTheInputOfNewerOnes() {
        NodeFacts older =
                Told.of("Squeeze").with("axes", new long[] {1, 2}).floats(3).node();
        NodeFacts newer = Told.of("Squeeze").floats(3).integers(1, 2).node();

        assertThat(older.list("axes", 1)).hasValue(new long[] {1, 2});
        assertThat(newer.list("axes", 1)).hasValue(new long[] {1, 2});
    }

    @Test
    void aListThatIsLeftOutIsEmptyAndOneWhoseContentIsUnknownCannotBeTold() {
        NodeFacts without = Told.of("Slice").floats(3).nothing().node();
        NodeFacts unknown = Told.of("Slice").floats(3).content(Told.B).node();

        assertThat(without.list("starts", 1)).isEmpty();
        assertThat(without.list("starts", 7)).isEmpty();
        assertThatThrownBy(() -> unknown.list("starts", 1)).hasMessage("content is unknown");
    }

    @Test
    void anAxisCountsFromTheEndWhereItIsNegativeAndMustBeThere() {
        NodeFacts node = Told.of("Concat").with("axis", -1L).floats(2, 3).node();

        assertThat(node.axis("axis", 0, 2)).isEqualTo(1);
        assertThat(node.axis("absent", 0, 2)).isZero();
        assertThat(node.axes(new long[] {-2, 1}, 2)).containsExactly(0, 1);
        assertThatThrownBy(() -> node.axis(2, 2)).hasMessage("axis 2 of 2");
        assertThatThrownBy(() -> node.axis(-3, 2)).hasMessage("axis -3 of 2");
    }

    @Test
    void whatANodeLacksIsAnIndexThatIsOutOfBounds() {
        NodeFacts node = Told.of("Add").floats(2).nothing().node();

        assertThat(node.has(0)).isTrue();
        assertThat(node.has(1)).isFalse();
        assertThat(node.has(2)).isFalse();
        assertThatThrownBy(() -> node.input(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> node.shape(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> node.content(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
