package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.Translation.Choice;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.Shift;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faint pictures with noise; turns and mirror images are tested with {@link TranslatedSource}. */
class PictureTranslationTest {
    private static final Translation EXPOSED = Translation.NONE.with(Choice.TONE, 1);
    private static final int PICTURES = 100;

    private final InputSpec input = TranslationFixture.MODEL.card().input().picture();
    private final PictureChanges changes = new PictureChanges(input);
    private final PictureNoise noise = new PictureNoise(changes, Planes.of(input));
    private final PictureTranslation pictures = new PictureTranslation(input, Look.THROUGH_NOISE);
    private final SplitMix64 random = new SplitMix64(1);

    private static List<FloatTensor> faint(double deviation) {
        return TranslationFixture.faintAndNoisy(PICTURES, deviation, UnaryOperator.identity()).stream()
                .map(PictureSample::row)
                .toList();
    }

    private List<FloatTensor> source() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            return fixture.samples(Shift.NONE, PICTURES).stream()
                    .map(PictureSample::row)
                    .toList();
        }
    }

    /** The share of all values that are black. */
    private double black(List<FloatTensor> rows) {
        long black = 0;
        long all = 0;
        for (FloatTensor row : rows) {
            for (float each : changes.pixels(row)) {
                black += each < 0.02 ? 1 : 0;
                all++;
            }
        }
        return black / (double) all;
    }

    private double strength(List<FloatTensor> rows) {
        return rows.stream()
                .mapToDouble(row -> noise.strengths(changes.pixels(row))[0])
                .average()
                .orElseThrow();
    }

    @ParameterizedTest(name = "noise of {0}")
    @ValueSource(doubles = {0, 3})
    void theBackgroundOfFaintNoisyPicturesBecomesBlack(double deviation) {
        List<FloatTensor> back = faint(deviation).stream()
                .map(row -> pictures.ofDomain(row).toSource(EXPOSED, random))
                .toList();

        assertThat(black(back)).isCloseTo(black(source()), within(0.1));
    }

    @ParameterizedTest(name = "noise of {0}")
    @ValueSource(doubles = {3, 6})
    void sourcePicturesGetTheNoiseOfTheDomain(double deviation) {
        List<FloatTensor> faint = faint(deviation);

        List<FloatTensor> made = source().stream()
                .map(row -> pictures.toDomain(
                        row, () -> pictures.exposure(faint.get(random.below(PICTURES))), EXPOSED, random))
                .toList();

        assertThat(strength(made)).isCloseTo(strength(faint), within(0.2 * strength(faint)));
    }

    /** Each choice in each way, with the exposure and without. */
    @Test
    void aPictureIsChangedAsIfNothingElseHadBeenTriedWithItBefore() {
        FloatTensor row = faint(3).get(0);
        DomainPicture tried = pictures.ofDomain(row);

        for (Choice choice : Choice.values()) {
            for (int way = 0; way < choice.count; way++) {
                for (Translation first : List.of(EXPOSED, Translation.NONE)) {
                    Translation how = first.with(choice, way);
                    assertThat(tried.toSource(how, new SplitMix64(3)))
                            .as("%s in way %d", choice, way)
                            .isEqualTo(pictures.ofDomain(row).toSource(how, new SplitMix64(3)));
                }
            }
        }
    }
}
