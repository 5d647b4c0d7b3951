package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CentredClassesTest {
    private final CentredClasses centred = new CentredClasses(3, false);

    private static FloatTensor scores(float... values) {
        return FloatTensor.wrap(Shape.of(values.length), values);
    }

    @Test
    void aClassThatWinsEverySampleIsNamedOnlyWhereItWinsByMoreThanUsual() {
        assertThat(centred.see(List.of(scores(9, 1, 0), scores(9, 0, 1), scores(12, 0, 0))))
                .as("the mean is 10, 1/3, 1/3")
                .containsExactly(1, 2, 0);
    }

    @Test
    void theMeanIsOfAllSamplesSoFar() {
        centred.see(List.of(scores(4, 0, 0), scores(6, 0, 0)));

        assertThat(centred.see(List.of(scores(5.5f, 1, 0))))
                .as("5.5 is 0.33 above the mean of 5.17, and 1 is 0.67 above that of 0.33")
                .containsExactly(1);
        assertThat(centred.sums()).containsExactly(15.5, 1.0, 0.0);
        assertThat(centred.samples()).isEqualTo(3);
    }

    @Test
    void ofProbabilitiesTheLogarithmsAreCentred() {
        CentredClasses probabilities = new CentredClasses(2, true);

        assertThat(probabilities.see(List.of(scores(0.9f, 0.1f), scores(0.999f, 0.001f))))
                .containsExactly(1, 0);
        assertThat(probabilities.sums().get(0)).isCloseTo(Math.log(0.9) + Math.log(0.999), within(1e-6));
    }

    @Test
    void aProbabilityOfNothingIsSmallAndNotInfinite() {
        CentredClasses probabilities = new CentredClasses(2, true);

        probabilities.see(List.of(scores(1, 0), scores(0, 1)));

        assertThat(probabilities.see(List.of(scores(0.2f, 0.8f)))).containsExactly(1);
        assertThat(probabilities.sums()).allMatch(Double::isFinite);
    }

    @Test
    void theMeanStaysAndWeighsHalfAsMuchWhenItIsOfManySamples() {
        centred.see(Collections.nCopies(2_047, scores(2, 0, 0)));
        assertThat(centred.samples()).isEqualTo(2_047);

        centred.see(List.of(scores(2, 0, 0)));

        assertThat(centred.samples()).isEqualTo(1_024);
        assertThat(centred.sums()).containsExactly(2_048.0, 0.0, 0.0);
    }

    @Test
    void goesOnFromASavedMeanAndBeginsAnewWithAnotherNumberOfClasses() {
        centred.see(List.of(scores(9, 1, 0), scores(7, 0, 3)));
        CentredClasses restored = new CentredClasses(3, false);
        CentredClasses other = new CentredClasses(4, false);
        restored.restore(centred.sums(), centred.samples());
        other.restore(centred.sums(), centred.samples());

        List<FloatTensor> next = List.of(scores(8, 1, 1), scores(9, 0, 1.2f));
        assertThat(restored.see(next)).isEqualTo(centred.see(next));
        assertThat(restored.sums()).isEqualTo(centred.sums());
        assertThat(other.samples()).isZero();
        assertThat(other.sums()).isEmpty();
    }

    @Test
    void hasNoMeanAfterTheDomainChanged() {
        centred.see(List.of(scores(9, 1, 0)));

        centred.clear();

        assertThat(centred.sums()).isEmpty();
        assertThat(centred.see(List.of(scores(5, 6, 7)))).containsExactly(0);
        assertThat(centred.sums()).containsExactly(5.0, 6.0, 7.0);
    }
}
