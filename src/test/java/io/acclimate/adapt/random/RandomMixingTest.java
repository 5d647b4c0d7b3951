package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import org.junit.jupiter.api.Test;

class RandomMixingTest {
    private static final FloatTensor ROW = FloatTensor.wrap(Shape.of(2), new float[] {4, 0});
    private static final FloatTensor OTHER = FloatTensor.wrap(Shape.of(2), new float[] {0, 8});

    @Test
    void aMixedRowLiesOnTheLineToTheOtherInItsOwnHalf() {
        RandomMixing mixing = new RandomMixing(1);
        SplitMix64 random = new SplitMix64(3);
        double least = 1;
        double most = 0;
        for (int i = 0; i < 500; i++) {
            float[] values = mixing.mixed(ROW, () -> OTHER, random).values();
            double kept = values[0] / 4;
            assertThat((double) values[1]).isCloseTo(8 * (1 - kept), within(1e-5));
            least = Math.min(least, kept);
            most = Math.max(most, kept);
        }
        assertThat(least).isBetween(0.5, 0.51);
        assertThat(most).isBetween(0.99, 1.0);
        assertThat(ROW.values()).containsExactly(4, 0);
    }

    @Test
    void soManyRowsAreMixedAsTheShareSays() {
        RandomMixing mixing = new RandomMixing(0.25);
        SplitMix64 random = new SplitMix64(3);
        int mixed = 0;
        for (int i = 0; i < 4000; i++) {
            mixed += mixing.mixed(ROW, () -> OTHER, random).equals(ROW) ? 0 : 1;
        }
        assertThat(mixed).isBetween(900, 1100);
    }

    @Test
    void withoutAShareTheRowAndTheRandomStateStay() {
        SplitMix64 random = new SplitMix64(1);

        assertThat(new RandomMixing(0).mixed(ROW, () -> OTHER, random)).isSameAs(ROW);
        assertThat(random.state()).isEqualTo(new SplitMix64(1).state());
    }
}
