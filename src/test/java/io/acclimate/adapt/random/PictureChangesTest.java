package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PictureChangesTest {
    private static final float FAINT = 0.002f;

    private static PictureChanges grey(int height, int width) {
        return new PictureChanges(new InputSpec(
                1,
                height,
                width,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.GREY,
                InputSpec.Resize.STRETCH,
                List.of(0f),
                List.of(1f)));
    }

    private static PictureChanges colour(InputSpec.Layout layout, int height, int width) {
        return new PictureChanges(new InputSpec(
                3,
                height,
                width,
                layout,
                InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH,
                List.of(0.5f, 0.25f, 0f),
                List.of(0.5f, 0.25f, 2f)));
    }

    /** The pictures of the three channels, in the order of the layout. */
    private static float[] pixels(InputSpec.Layout layout, float[]... channels) {
        float[] pixels = new float[3 * channels[0].length];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < channels[c].length; i++) {
                pixels[layout == InputSpec.Layout.NCHW ? c * channels[c].length + i : i * 3 + c] = channels[c][i];
            }
        }
        return pixels;
    }

    @Test
    void aQuarterTurnMakesColumnsOfRows() {
        float[] turned = grey(3, 3).turned(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, Math.PI / 2);

        assertThat(turned).containsExactly(6, 3, 0, 7, 4, 1, 8, 5, 2);
    }

    @ParameterizedTest
    @EnumSource(InputSpec.Layout.class)
    void aHalfTurnReversesTheRowsAndColumnsOfEachChannel(InputSpec.Layout layout) {
        float[] before = pixels(
                layout,
                new float[] {1, 2, 3, 4, 5, 6, 7, 8},
                new float[] {11, 12, 13, 14, 15, 16, 17, 18},
                new float[] {21, 22, 23, 24, 25, 26, 27, 28});

        float[] turned = colour(layout, 2, 4).turned(before, Math.PI);

        assertThat(turned)
                .containsExactly(pixels(
                        layout,
                        new float[] {8, 7, 6, 5, 4, 3, 2, 1},
                        new float[] {18, 17, 16, 15, 14, 13, 12, 11},
                        new float[] {28, 27, 26, 25, 24, 23, 22, 21}));
    }

    @Test
    void whatATurnBringsInFromBeyondTheEdgeHasTheValueAtTheEdge() {
        float[] before = new float[25];
        for (int i = 0; i < before.length; i++) {
            before[i] = 10 * (i / 5) + i % 5;
        }

        float[] turned = grey(5, 5).turned(before, Math.PI / 4);

        // The corners are 2·√2 = 2.83 from the middle, and an eighth of a turn puts them 0.83 beyond the middle of an
        // edge.
        assertThat(new float[] {turned[0], turned[4], turned[20], turned[24]}).containsExactly(20, 2, 42, 24);
        assertThat(turned[12]).isEqualTo(22);
    }

    @Test
    void blurSpreadsAPixelOverItsNeighboursAndRepeatsTheEdge() {
        PictureChanges changes = grey(3, 3);

        assertThat(changes.blurred(new float[] {0, 0, 0, 0, 9, 0, 0, 0, 0})).containsOnly(1);
        assertThat(changes.blurred(new float[] {9, 0, 0, 0, 0, 0, 0, 0, 0})).containsExactly(4, 2, 0, 2, 1, 0, 0, 0, 0);
        assertThat(changes.blurred(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 9})).containsExactly(0, 0, 0, 0, 1, 2, 0, 2, 4);
    }

    @ParameterizedTest
    @EnumSource(InputSpec.Layout.class)
    void blurStaysWithinAChannelAndALine(InputSpec.Layout layout) {
        float[] none = new float[8];
        float[] corner = {9, 0, 0, 0, 0, 0, 0, 0};
        float[] end = {0, 0, 0, 9, 0, 0, 0, 0};

        float[] blurred = colour(layout, 2, 4).blurred(pixels(layout, end, corner, none));

        assertThat(blurred)
                .containsExactly(pixels(
                        layout, new float[] {0, 0, 2, 4, 0, 0, 1, 2}, new float[] {4, 2, 0, 0, 2, 1, 0, 0}, none));
    }

    @ParameterizedTest
    @EnumSource(InputSpec.Layout.class)
    void theValuesOfEachChannelGoFromZeroForBlackToOneForWhite(InputSpec.Layout layout) {
        PictureChanges changes = colour(layout, 1, 2);
        float[] row = pixels(layout, new float[] {-1, 1}, new float[] {-1, 3}, new float[] {0, 0.5f});

        float[] pixels = changes.pixels(FloatTensor.wrap(changes.input().row(), row));

        assertThat(pixels).containsExactly(pixels(layout, new float[] {0, 1}, new float[] {0, 1}, new float[] {0, 1}));
    }

    @ParameterizedTest
    @EnumSource(InputSpec.Layout.class)
    void contrastIsAboutTheMeanAndEndsAtBlackAndWhite(InputSpec.Layout layout) {
        PictureChanges changes = colour(layout, 1, 2);
        float[] pixels = pixels(layout, new float[] {0.25f, 0.75f}, new float[] {0.5f, 0.5f}, new float[] {0, 1});

        FloatTensor lower = changes.row(changes.input().row(), pixels, 0.5, 0.5);
        FloatTensor inverted = changes.row(changes.input().row(), pixels, -1, 0.75);

        // Pixel values 0.375, 0.625, 0.5, 0.5, 0.25, 0.75, and then 1, 0.5, 0.75, 0.75, 1 (of 1.25), 0.25.
        assertThat(lower.values())
                .containsExactly(
                        pixels(layout, new float[] {-0.25f, 0.25f}, new float[] {1, 1}, new float[] {0.125f, 0.375f}));
        assertThat(inverted.values())
                .containsExactly(pixels(layout, new float[] {1, 0}, new float[] {2, 2}, new float[] {0.5f, 0.125f}));
        assertThat(changes.row(changes.input().row(), pixels, 1, 0.25).values())
                .as("0 for a value of −0.25")
                .containsExactly(pixels(layout, new float[] {-1, 0}, new float[] {0, 0}, new float[] {0, 0.375f}));
    }

    /** Two faint halves, so that no contrast reaches black or white: what was drawn can be read off the outermost columns. */
    @Test
    void drawsContrastsFromAHalfToFourOfEitherSignAndAnyBrightness() {
        PictureChanges changes = grey(4, 4);
        float[] halves = new float[16];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = 0.5f + (i % 4 < 2 ? -FAINT : FAINT) / 2;
        }
        FloatTensor row = FloatTensor.wrap(changes.input().row(), halves);
        SplitMix64 random = new SplitMix64(1);
        List<Double> slopes = new ArrayList<>();
        List<Double> brightness = new ArrayList<>();
        int blurred = 0;
        int upright = 0;
        int inverted = 0;

        for (int i = 0; i < 2_000; i++) {
            float[] drawn = changes.drawn(row, random).values();
            if (drawn[0] == drawn[12] && drawn[3] == drawn[15] && drawn[3] > 0.01 && drawn[3] < 0.99) {
                double slope = (drawn[3] - (double) drawn[0]) / FAINT;
                upright++;
                slopes.add(Math.abs(slope));
                brightness.add((drawn[3] + drawn[0]) / 2.0);
                inverted += slope < 0 ? 1 : 0;
                blurred += Math.abs(drawn[1] - drawn[0]) > FAINT / 10 ? 1 : 0;
            }
        }

        Collections.sort(slopes);
        Collections.sort(brightness);
        // 4^(1.5 u − 0.5): a half at u = 0, 4 at u = 1, and the middle is √2.
        assertThat(slopes.get(0)).isBetween(0.499, 0.52);
        assertThat(slopes.get(slopes.size() / 2)).isCloseTo(Math.sqrt(2), within(0.1));
        assertThat(slopes.get(slopes.size() - 1)).isBetween(3.9, 4.001);
        assertThat(brightness.get(brightness.size() / 2)).isCloseTo(0.5, within(0.05));
        assertThat(inverted / (double) upright).isCloseTo(0.5, within(0.05));
        assertThat(blurred / (double) upright).isCloseTo(0.5, within(0.05));
        assertThat(upright)
                .as("a quarter are turned, most of them by enough to be seen")
                .isBetween(1_450, 1_850);
    }

    @Test
    void turnsByFiftyDegreesAtMostInEitherDirection() {
        PictureChanges changes = grey(32, 32);
        float[] pixels = new float[1024];
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                pixels[y * 32 + x] = 0.5f + (x - 15.5f) * 1e-3f;
            }
        }
        FloatTensor row = FloatTensor.wrap(changes.input().row(), pixels);
        SplitMix64 random = new SplitMix64(2);
        List<Double> angles = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            float[] drawn = changes.drawn(row, random).values();
            // Around the middle the picture is a plane, whose direction is the angle.
            double across = drawn[16 * 32 + 20] - (double) drawn[16 * 32 + 11];
            double down = drawn[20 * 32 + 16] - (double) drawn[11 * 32 + 16];
            angles.add(Math.toDegrees(Math.atan(down / across)));
        }

        List<Double> turned =
                angles.stream().filter(each -> Math.abs(each) > 8).sorted().toList();
        assertThat(turned.size()).isBetween(150, 270);
        assertThat(turned.get(0)).isBetween(-58.0, -40.0);
        assertThat(turned.get(turned.size() - 1)).isBetween(40.0, 58.0);
        assertThat(turned.stream().filter(each -> each > 0).count() / (double) turned.size())
                .isCloseTo(0.5, within(0.1));
    }
}
