package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelledBatchTest {
    private static LabelledBatch batch(int columns, float... values) {
        int rows = values.length / columns;
        return new LabelledBatch(
                FloatTensor.wrap(Shape.of(rows, columns), values),
                List.of(0, 1, 0).subList(0, rows));
    }

    @Test
    void moreRowsComeAfterTheOwn() {
        FloatTensor both = batch(2, 1, 2).inputsWith(Optional.of(batch(2, 3, 4, 5, 6)));

        assertThat(both).isEqualTo(FloatTensor.wrap(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6}));
        assertThat(batch(2, 1, 2).inputsWith(Optional.empty()))
                .isEqualTo(batch(2, 1, 2).inputs());
    }

    @Test
    void rowsOfAnotherShapeAreRefusedWithBothShapes() {
        assertThatThrownBy(() -> batch(2, 1, 2).inputsWith(Optional.of(batch(1, 3))))
                .hasMessage("target rows are [2], source rows [1]");
    }

    @Test
    void aBatchHasOneClassForEachRowAndAtLeastOneRow() {
        FloatTensor two = FloatTensor.wrap(Shape.of(2, 1), new float[2]);

        assertThatThrownBy(() -> new LabelledBatch(two, List.of(1))).hasMessageContaining("does not fit 1 classes");
        assertThatThrownBy(() -> new LabelledBatch(FloatTensor.wrap(Shape.of(0, 1), new float[0]), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReportNamesTheTermsThatWereComputed() {
        StepReport report = new StepReport(3, 2, 1, Double.NaN, Double.NaN, Double.NaN, 5, false);

        assertThat(report.losses()).containsOnlyKeys("source", "target", "total");
        assertThat(report.asSkipped().skipped()).isTrue();
        assertThat(new StepReport(Double.NaN, Double.NaN, 1, 1, 1, 1, 5, false).losses())
                .containsKey("total");
    }
}
