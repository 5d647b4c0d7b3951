package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.Shift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureNoiseTest {
    private final InputSpec input = TranslationFixture.MODEL.card().input().picture();
    private final Planes planes = Planes.of(input);
    private final PictureChanges changes = new PictureChanges(input);
    private final PictureNoise noise = new PictureNoise(changes, planes);
    private final Random random = new Random(1);

    private float[] plain() {
        float[] pixels = new float[planes.channels() * planes.pixels()];
        Arrays.fill(pixels, 0.5f);
        return pixels;
    }

    private float[] noisy(float[] pixels, double deviation, boolean grey) {
        float[] to = pixels.clone();
        for (int i = 0; i < planes.pixels(); i++) {
            double ofAll = random.nextGaussian();
            for (int c = 0; c < planes.channels(); c++) {
                to[planes.index(c, i)] += (float) (deviation * (grey ? ofAll : random.nextGaussian()));
            }
        }
        return to;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.15})
    void noiseIsAsStrongAsItWasMade(double deviation) {
        float[] strengths = noise.strengths(noisy(plain(), deviation, false));

        for (float each : strengths) {
            assertThat((double) each).isCloseTo(deviation, within(0.15 * deviation));
        }
    }

    /** Pictures of shirts that fill it have a fine texture, which is taken for some noise. */
    @Test
    void edgesAreHardlyNoise() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            List<PictureSample> all = fixture.samples(Shift.NONE, 300);
            double sum = 0;
            List<PictureSample> smoothed = new ArrayList<>();
            for (PictureSample sample : all) {
                float[] pixels = changes.pixels(sample.row());
                float[] strengths = noise.strengths(pixels);
                sum += strengths[0];
                smoothed.add(new PictureSample(
                        changes.row(sample.row().shape(), noise.smoothed(pixels, strengths)), sample.classIndex()));
            }

            assertThat(sum / all.size()).isLessThan(0.01);
            assertThat(fixture.hits(smoothed)).isGreaterThan(fixture.hits(all) - 6);
        }
    }

    @Test
    void smoothedPicturesAreNearerToThoseWithoutNoise() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            for (PictureSample sample : fixture.samples(Shift.NONE, 50)) {
                float[] pixels = changes.pixels(sample.row());
                float[] noisy = noisy(pixels, 0.1, false);

                float[] smoothed = noise.smoothed(noisy, noise.strengths(noisy));

                assertThat(distance(smoothed, pixels)).isLessThan(0.8 * distance(noisy, pixels));
            }
        }
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest(name = "grey: {0}")
    @ValueSource(booleans = {true, false})
    void noiseThatIsAddedIsAsStrongAndAsGreyAsThatOfTheOtherPicture(boolean grey) {
        float[] like = noisy(plain(), 0.08, grey);
        float[] wanted = noise.strengths(like);
        double inCommon = noise.inCommon(like, wanted);

        float[] made = noise.added(plain(), wanted, inCommon, new SplitMix64(1));

        float[] strengths = noise.strengths(made);
        assertThat((double) strengths[0]).isCloseTo(wanted[0], within(0.01));
        assertThat(inCommon).isCloseTo(grey ? 1 : 0, within(0.1));
        assertThat(noise.inCommon(made, strengths)).isCloseTo(grey ? 1 : 0, within(0.1));
    }

    @Test
    void onlyTheNoiseThatIsMissingIsAdded() {
        float[] missing = PictureNoise.missing(new float[] {0.03f, 0.05f, 0}, new float[] {0.05f, 0.03f, 0});

        assertThat(missing).containsExactly(new float[] {0.04f, 0, 0}, within(1e-6f));
    }

    @Test
    void aPictureOfTwoPixelsHasNoNoise() {
        InputSpec tiny =
                new InputSpec(3, 2, 2, input.layout(), input.colour(), input.resize(), input.mean(), input.std());
        Planes two = Planes.of(tiny);
        PictureNoise ofTiny = new PictureNoise(new PictureChanges(tiny), two);

        assertThat(ofTiny.strengths(new float[12])).containsOnly(0);
    }
}
