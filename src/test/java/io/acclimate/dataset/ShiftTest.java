package io.acclimate.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.image.RgbImage;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShiftTest {
    private static final Set<Shift> THE_SAME_FOR_EACH_IMAGE = EnumSet.of(Shift.NONE, Shift.INVERT, Shift.BLUR);

    private final LabelledImages target = Bundled.targetTest();

    @ParameterizedTest
    @EnumSource(Shift.class)
    void dependsOnSeedAndIndexOnly(Shift shift) {
        RgbImage once = target.shifted(shift, 1).pixels(7);
        assertThat(Bundled.targetTest().shifted(shift, 1).pixels(7)).isEqualTo(once);
        boolean random = !THE_SAME_FOR_EACH_IMAGE.contains(shift);
        assertThat(target.shifted(shift, 2).pixels(7).equals(once)).isNotEqualTo(random);
        assertThat(shift.apply(target.pixels(7), 1, 8).equals(once)).isNotEqualTo(random);
    }

    @Test
    void invertTwiceIsTheImage() {
        RgbImage image = target.pixels(0);
        assertThat(Shift.INVERT.apply(Shift.INVERT.apply(image, 1, 0), 1, 0)).isEqualTo(image);
    }

    @Test
    void blurKeepsAnEvenImageAndSoftensAnEdge() {
        byte[] half = new byte[32 * 32 * 3];
        Arrays.fill(half, half.length / 2, half.length, (byte) 200);

        RgbImage blurred = Shift.BLUR.apply(RgbImage.wrap(32, 32, half), 1, 0);

        assertThat(blurred.at(5, 0, 0)).isZero();
        assertThat(blurred.at(5, 31, 0)).isBetween(199, 200);
        assertThat(blurred.at(5, 15, 0)).isBetween(50, 99);
    }

    @Test
    void occlusionHidesAQuarterAndLeavesTheRest() {
        byte[] white = new byte[32 * 32 * 3];
        Arrays.fill(white, (byte) 255);

        RgbImage occluded = Shift.OCCLUDE.apply(RgbImage.wrap(32, 32, white), 1, 3);

        int hidden = 0;
        for (byte value : occluded.rgb()) {
            hidden += value == (byte) 255 ? 0 : 1;
        }
        assertThat(hidden).isEqualTo(16 * 16 * 3);
    }

    @Test
    void rotationKeepsTheMiddleAndBlackensTheCorners() {
        byte[] white = new byte[32 * 32 * 3];
        Arrays.fill(white, (byte) 255);

        RgbImage rotated = Shift.ROTATE.apply(RgbImage.wrap(32, 32, white), 1, 0);

        assertThat(rotated.at(16, 16, 1)).isEqualTo(255);
        assertThat(rotated.at(0, 0, 1)).isZero();
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
