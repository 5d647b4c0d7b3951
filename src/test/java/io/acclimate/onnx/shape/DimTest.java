package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DimTest {
    private static final Dim TWO_BATCHES = Dim.BATCH.times(Dim.of(2));
    private static final Dim SIX_BATCHES = Dim.BATCH.times(Dim.of(6));

    @Test
    void numbersComputeAsNumbers() {
        assertThat(Dim.of(3).plus(Dim.of(4))).isEqualTo(Dim.of(7));
        assertThat(Dim.of(3).minus(Dim.of(4))).isEqualTo(Dim.of(-1));
        assertThat(Dim.of(3).times(Dim.of(4))).isEqualTo(Dim.of(12));
        assertThat(Dim.of(-7).over(Dim.of(2))).isEqualTo(Dim.of(-3));
        assertThat(Dim.of(-7).modulo(Dim.of(3))).isEqualTo(Dim.of(2));
        assertThat(Dim.of(7).modulo(Dim.of(-3))).isEqualTo(Dim.of(-2));
    }

    @Test
    void multiplesOfTheBatchAddUpAndCancel() {
        assertThat(TWO_BATCHES.plus(Dim.BATCH)).isEqualTo(new Dim(Dim.Kind.BATCH, 3));
        assertThat(TWO_BATCHES.minus(TWO_BATCHES)).isEqualTo(Dim.of(0));
        assertThat(TWO_BATCHES.times(Dim.of(3))).isEqualTo(SIX_BATCHES);
        assertThat(TWO_BATCHES.times(Dim.of(0))).isEqualTo(Dim.of(0));
        assertThat(TWO_BATCHES.plus(Dim.of(0))).isEqualTo(TWO_BATCHES);
    }

    @Test
    void aMultipleOfTheBatchIsDividedOnlyWithoutRemainder() {
        assertThat(SIX_BATCHES.over(Dim.of(2))).isEqualTo(new Dim(Dim.Kind.BATCH, 3));
        assertThat(SIX_BATCHES.over(TWO_BATCHES)).isEqualTo(Dim.of(3));
        assertThat(SIX_BATCHES.over(Dim.of(4))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.of(6).over(Dim.BATCH)).isEqualTo(Dim.UNKNOWN);
    }

    @Test
    void whatNoArithmeticCanSayIsUnknown() {
        assertThat(Dim.BATCH.times(Dim.BATCH)).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.BATCH.plus(Dim.of(1))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.BATCH.modulo(Dim.of(2))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.UNKNOWN.plus(Dim.of(1))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.UNKNOWN.times(Dim.of(2))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.of(1).over(Dim.of(0))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.of(1).modulo(Dim.of(0))).isEqualTo(Dim.UNKNOWN);
    }

    @Test
    void aNumberBelowTheBatchDiffersFromItSinceABatchHasARow() {
        assertThat(Dim.BATCH.equalTo(Dim.BATCH)).isEqualTo(Dim.of(1));
        assertThat(Dim.BATCH.equalTo(TWO_BATCHES)).isEqualTo(Dim.of(0));
        assertThat(Dim.BATCH.equalTo(Dim.of(0))).isEqualTo(Dim.of(0));
        assertThat(TWO_BATCHES.equalTo(Dim.of(1))).isEqualTo(Dim.of(0));
        assertThat(Dim.BATCH.equalTo(Dim.of(1))).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.UNKNOWN.equalTo(Dim.UNKNOWN)).isEqualTo(Dim.UNKNOWN);
    }

    @Test
    void comparisonsWithTheBatchAreToldOnlyWhereEveryBatchAgrees() {
        assertThat(Dim.of(1).lessThan(Dim.of(2))).isEqualTo(Dim.of(1));
        assertThat(Dim.of(2).lessThan(Dim.of(2))).isEqualTo(Dim.of(0));
        assertThat(Dim.of(0).lessThan(Dim.BATCH)).isEqualTo(Dim.of(1));
        assertThat(Dim.of(1).lessThan(Dim.BATCH)).isEqualTo(Dim.UNKNOWN);
        assertThat(Dim.BATCH.lessThan(Dim.of(100))).isEqualTo(Dim.UNKNOWN);
    }

    @Test
    void elementsOutsideTheBatchAreThoseOfTheExtentsBeforeIt() {
        assertThat(Dim.outsideBatch(List.of(Dim.of(2), Dim.of(3), Dim.BATCH, Dim.of(5))))
                .isEqualTo(Dim.of(6));
        assertThat(Dim.outsideBatch(List.of(Dim.BATCH, Dim.of(5)))).isEqualTo(Dim.of(1));
        assertThat(Dim.outsideBatch(List.of(Dim.of(5)))).isEqualTo(Dim.UNKNOWN);
    }

    @Test
    void aSizeBeyondEveryNumberIsAnErrorAndNoSmallNumber() {
        assertThatThrownBy(() -> Dim.product(List.of(Dim.of(1L << 40), Dim.of(1L << 40))))
                .isInstanceOf(ArithmeticException.class);
        assertThat(Dim.product(List.of())).isEqualTo(Dim.of(1));
    }
}
