package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.InputSpec;
import io.acclimate.core.LabelledSample;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class CellStreamTest {
    private static final int LABELS = 400;
    private static final LabelledImages IMAGES = Bundled.targetTest();
    private static final InputSpec INPUT = input();

    private static InputSpec input() {
        try {
            return ModelOptions.bundled().card().input().picture();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLEAN, 1.0", "RANDOM_20, 0.82", "RANDOM_40, 0.64", "RANDOM_100, 0.1", "SHIFTED, 0"})
    void asManyLabelsAreRightAsTheQualitySays(LabelQuality quality, double expected) {
        CellStream stream = stream(quality);

        List<Integer> truth = stream.served(0, LABELS).truth();
        List<LabelledSample> samples = stream.samples(0, LABELS, Instant.EPOCH);

        double right = IntStream.range(0, LABELS)
                        .filter(i -> samples.get(i).classIndex() == truth.get(i))
                        .count()
                / (double) LABELS;
        assertThat(right).isBetween(expected - 0.07, expected + 0.07);
    }

    @Test
    void oneClassIsLabelledRightlyWhileAllAreServed() {
        CellStream stream = stream(LabelQuality.ONE_CLASS);

        assertThat(stream.samples(0, LABELS, Instant.EPOCH).stream()
                        .map(LabelledSample::classIndex)
                        .distinct())
                .hasSize(1);
        assertThat(stream.served(0, LABELS).truth().stream().distinct()).hasSize(10);
    }

    @Test
    void afterAFirstHalfOfOneClassAllClassesAreLabelled() {
        List<Integer> classes = stream(LabelQuality.ONE_CLASS_FIRST).samples(0, LABELS, Instant.EPOCH).stream()
                .map(LabelledSample::classIndex)
                .toList();

        assertThat(classes.subList(0, LABELS / 2).stream().distinct()).hasSize(1);
        assertThat(classes.subList(LABELS / 2, LABELS).stream().distinct()).hasSize(10);
    }

    @Test
    void sortedLabelsComeClassByClass() {
        assertThat(stream(LabelQuality.SORTED).samples(0, LABELS, Instant.EPOCH))
                .extracting(LabelledSample::classIndex)
                .isSorted()
                .contains(0, 9);
    }

    @Test
    void repeatedLabelsAreOfTheSamePicturesUnderOtherIdsAndTheSameLabels() {
        CellStream stream = stream(LabelQuality.REPEATED_SORTED_RANDOM_40);

        List<LabelledSample> samples = stream.samples(0, LABELS, Instant.EPOCH);

        List<LabelledSample> first = samples.subList(0, LabelQuality.REPEATED_PICTURES);
        assertThat(first).extracting(LabelledSample::classIndex).isSorted();
        assertThat(first.stream().map(LabelledSample::image).distinct()).hasSize(LabelQuality.REPEATED_PICTURES);
        assertThat(samples.stream().map(LabelledSample::imageId).distinct()).hasSize(LABELS);
        for (int i = LabelQuality.REPEATED_PICTURES; i < LABELS; i++) {
            LabelledSample before = samples.get(i - LabelQuality.REPEATED_PICTURES);
            assertThat(samples.get(i).image()).isEqualTo(before.image());
            assertThat(samples.get(i).classIndex()).isEqualTo(before.classIndex());
        }
    }

    @ParameterizedTest
    @EnumSource(LabelQuality.class)
    void sameSeedGivesTheSameSamples(LabelQuality quality) {
        assertThat(stream(quality).samples(0, 40, Instant.EPOCH))
                .isEqualTo(stream(quality).samples(0, 40, Instant.EPOCH));
    }

    @Test
    void asksForNoMoreImagesThanThereAre() {
        Cell cell = new Cell("bundled", StreamPlan.parse("none"), LabelQuality.CLEAN, 0, 9_000, 1);

        assertThatThrownBy(() -> new CellStream(cell, IMAGES, INPUT, 1_500))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10000 images");
    }

    private static CellStream stream(LabelQuality quality) {
        return new CellStream(
                new Cell("bundled", StreamPlan.parse("blend"), quality, 0, LABELS, 3), IMAGES, INPUT, 200);
    }
}
