package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void aScalarHasNoExtentsAndOneElement() {
        assertThat(Shape.of().rank()).isZero();
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of()).hasToString("[]");
    }

    @Test
    void anEmptyBatchHasNoElements() {
        assertThat(Shape.of(0, 3, 8).elements()).isZero();
    }

    @Test
    void aProductBeyondALongIsAnErrorAndNotAWrongNumber() {
        assertThat(Shape.of(1 << 30, 1 << 30).elements()).isEqualTo(1L << 60);
        assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30).elements())
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aNegativeExtentIsRefused() {
        assertThatThrownBy(() -> Shape.of(2, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, -1]");
    }

    @Property(tries = 100)
    void theTailOfAPrependedShapeIsTheShape(
            @ForAll @Size(max = 4) List<@IntRange(max = 20) Integer> extents, @ForAll @IntRange(max = 20) int rows) {
        Shape row = new Shape(extents);

        Shape batch = row.prepend(rows);

        assertThat(batch.tail()).isEqualTo(row);
        assertThat(batch.extent(0)).isEqualTo(rows);
        assertThat(batch.rank()).isEqualTo(row.rank() + 1);
        assertThat(batch.elements()).isEqualTo(rows * row.elements());
    }
}
