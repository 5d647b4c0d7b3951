package io.acclimate.train.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConvolutionCheckTest {
    @Test
    void theDifferenceIsAShareOfTheLargestValue() {
        assertThat(ConvolutionCheck.share(new double[] {1, -4}, new double[] {1, -4}))
                .isZero();
        assertThat(ConvolutionCheck.share(new double[] {0, -4}, new double[] {1, -4}))
                .isEqualTo(0.25);
    }

    @Test
    void aValueThatIsNoNumberIsWithinNoBound() {
        assertThat(ConvolutionCheck.share(new double[] {Double.NaN, -4}, new double[] {1, -4}))
                .isNaN();
    }
}
