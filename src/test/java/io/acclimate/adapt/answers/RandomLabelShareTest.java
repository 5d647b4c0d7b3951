package io.acclimate.adapt.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomLabelShareTest {
    private final Random random = new Random(1);
    private final RandomLabelShare share = new RandomLabelShare(512);

    /** Samples whose right class is among the three most likely ones, and a share of labels that are random. */
    private void see(RandomLabelShare into, int samples, int classes, double randomLabels) {
        for (int i = 0; i < samples; i++) {
            float[] scores = new float[classes];
            int right = random.nextInt(classes);
            int rank = random.nextInt(3);
            for (int c = 0; c < classes; c++) {
                scores[c] = -1 - random.nextFloat();
            }
            for (int ahead = 1; ahead <= rank; ahead++) {
                scores[(right + ahead) % classes] = 2 + ahead;
            }
            scores[right] = 2;
            int label = random.nextDouble() < randomLabels ? random.nextInt(classes) : right;
            into.see(FloatTensor.wrap(Shape.of(1, classes), scores), List.of(label));
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 0.4", "10, 0.8", "7, 0.4", "100, 0.4"})
    void theShareOfRandomLabelsIsEstimated(int classes, double randomLabels) {
        see(share, 2000, classes, randomLabels);

        assertThat(share.share()).isCloseTo(randomLabels, within(0.12));
    }

    @Test
    void errorsAmongSimilarClassesAreNoRandomLabels() {
        see(share, 2000, 10, 0);

        assertThat(share.share()).isZero();
    }

    @Test
    void fewRandomLabelsAreLeftToCrossEntropy() {
        see(share, 2000, 10, 0.05);

        assertThat(share.share()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void withTwoOrThreeClassesNothingIsEstimated(int classes) {
        see(share, 1000, Math.max(3, classes), 1);
        RandomLabelShare few = new RandomLabelShare(512);
        see(few, 1000, 3, 1);

        assertThat(few.share()).isZero();
    }

    @Test
    void theFirstSamplesSayTooLittle() {
        see(share, 150, 10, 1);

        assertThat(share.share()).isZero();
    }

    @Test
    void allLabelsAtRandomLeaveALittleToLearnFrom() {
        see(share, 2000, 10, 1);

        assertThat(share.share()).isBetween(0.8, 0.95);
    }

    @Test
    void aRestoredEstimateIsTheSame() {
        see(share, 300, 10, 0.5);
        RandomLabelShare restored = new RandomLabelShare(512);
        restored.restore(share.state());

        assertThat(restored.state()).isEqualTo(share.state());
        assertThat(restored.share()).isEqualTo(share.share()).isPositive();
    }

    @Test
    void nothingIsLeftAfterAChange() {
        see(share, 600, 10, 0.5);
        share.clear();
        see(share, 50, 10, 0.5);

        assertThat(share.share()).isZero();
    }
}
