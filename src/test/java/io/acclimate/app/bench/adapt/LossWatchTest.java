package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LossWatchTest {
    @Test
    void theMostRoundsInARowAboveThreeTimesTheStartCount() {
        assertThat(most(1, 3.1, 0.5, 3.5, 4, 9, 2.9, 3.2)).isEqualTo(3);
    }

    @Test
    void aLossThatIsNoNumberIsHigh() {
        assertThat(most(1, Double.NaN, Double.POSITIVE_INFINITY, 1)).isEqualTo(2);
    }

    @Test
    void aSmallLossIsNotHighHoweverSmallItsStartWas() {
        assertThat(most(0.01, 0.5, 1.1, 1.2, 0.3)).as("half of ln 10 is 1.15").isEqualTo(1);
    }

    @Test
    void aLossThatOnlyFallsIsNeverHigh() {
        assertThat(most(2, 1.5, 1, 0.2)).isZero();
    }

    private static int most(double... losses) {
        LossWatch watch = new LossWatch(10);
        DoubleStream.of(losses).forEach(watch::see);
        return watch.most();
    }
}
