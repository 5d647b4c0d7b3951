package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.Translation.Choice;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.Shift;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FramedPicturesTest {
    private static final Translation EXPOSED = Translation.NONE.with(Choice.TONE, 1);

    private final InputSpec input = TranslationFixture.MODEL.card().input().picture();
    private final PictureChanges changes = new PictureChanges(input);
    private final PictureNoise noise = new PictureNoise(changes, Planes.of(input));

    private static List<FloatTensor> faint(double deviation) {
        return TranslationFixture.faintAndNoisy(3, deviation, UnaryOperator.identity()).stream()
                .map(PictureSample::row)
                .toList();
    }

    private static FloatTensor source() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            return fixture.samples(Shift.NONE, 1).get(0).row();
        }
    }

    private float strengthOfMade(Look look, List<FloatTensor> domain) {
        Iterator<FloatTensor> likes = domain.iterator();
        FloatTensor made = new FramedPictures(input, look).toDomain(source(), likes::next, EXPOSED, new SplitMix64(1));
        return noise.strengths(changes.pixels(made))[0];
    }

    /** A fine texture is taken for noise: one picture without shows that the camera has none. */
    @Test
    void ofAFewPicturesTheOneWithTheLeastNoiseShowsTheCameras() {
        List<FloatTensor> noisy = faint(6);
        FloatTensor clean = faint(0).get(0);

        assertThat(strengthOfMade(Look.THROUGH_NOISE, noisy)).isGreaterThan(0.015f);
        assertThat(strengthOfMade(Look.THROUGH_NOISE, List.of(noisy.get(0), noisy.get(1), clean)))
                .isLessThan(0.008f);
    }

    @Test
    void versionsFromBeforeAskForOnePictureAndAddNoNoise() {
        assertThat(strengthOfMade(Look.AT_ONCE, faint(6).subList(0, 1))).isLessThan(0.008f);
    }
}
