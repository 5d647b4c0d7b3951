package io.acclimate.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShiftTest {
    private final LabelledImages target = Bundled.targetTest();

    @ParameterizedTest
    @EnumSource(Shift.class)
    void dependsOnSeedAndIndexOnly(Shift shift) {
        RgbImage once = target.shifted(shift, 1).pixels(7);
        assertThat(Bundled.targetTest().shifted(shift, 1).pixels(7)).isEqualTo(once);
        boolean random = shift == Shift.BLEND || shift == Shift.NOISE;
        assertThat(target.shifted(shift, 2).pixels(7).equals(once)).isNotEqualTo(random);
        assertThat(shift.apply(target.pixels(7), 1, 8).equals(once)).isNotEqualTo(random);
    }

    @Test
    void invertTwiceIsTheImage() {
        RgbImage image = target.pixels(0);
        assertThat(Shift.INVERT.apply(Shift.INVERT.apply(image, 1, 0), 1, 0)).isEqualTo(image);
    }

    @Test
    void texturesDifferInBrightnessAndColourAndRarelyClip() {
        RgbImage black = RgbImage.wrap(32, 32, new byte[3072]);
        double lowest = 255;
        double highest = 0;
        int clipped = 0;
        for (int i = 0; i < 200; i++) {
            byte[] rgb = Shift.BLEND.apply(black, 1, i).rgb();
            double sum = 0;
            for (byte value : rgb) {
                sum += value & 0xff;
                clipped += value == 0 || value == -1 ? 1 : 0;
            }
            lowest = Math.min(lowest, sum / rgb.length);
            highest = Math.max(highest, sum / rgb.length);
        }
        assertThat(highest - lowest).isGreaterThan(80);
        assertThat(clipped / (200 * 3072.0)).isLessThan(0.25);
    }
}
