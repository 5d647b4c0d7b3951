package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.InputSpec;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
    private static final RgbImage TWO = RgbImage.wrap(2, 1, new byte[] {10, 20, 30, 40, 50, 60});

    @Test
    void layoutsAndColoursPutEachValueInItsPlace() {
        assertThat(row(TWO, 2, 1, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH))
                .containsExactly(10, 40, 20, 50, 30, 60);
        assertThat(row(TWO, 2, 1, InputSpec.Layout.NHWC, InputSpec.Colour.BGR, InputSpec.Resize.STRETCH))
                .containsExactly(30, 20, 10, 60, 50, 40);
        assertThat(row(TWO, 2, 1, InputSpec.Layout.NCHW, InputSpec.Colour.GREY, InputSpec.Resize.STRETCH))
                .containsExactly(18, 48);
    }

    @Test
    void resizesAsTheirNamesSay() {
        RgbImage wide = RgbImage.wrap(4, 2, new byte[] {
            0, 0, 0, 80, 80, 80, 80, 80, 80, 0, 0, 0,
            0, 0, 0, 80, 80, 80, 80, 80, 80, 0, 0, 0
        });
        assertThat(row(wide, 2, 2, InputSpec.Layout.NCHW, InputSpec.Colour.GREY, InputSpec.Resize.CROP))
                .containsOnly(80);
        assertThat(row(wide, 6, 4, InputSpec.Layout.NCHW, InputSpec.Colour.GREY, InputSpec.Resize.PAD))
                .startsWith(0, 0, 0, 0, 0, 0, 0, 0, 80, 80, 0, 0, 0, 0, 80, 80);
        assertThat(row(wide, 1, 1, InputSpec.Layout.NCHW, InputSpec.Colour.GREY, InputSpec.Resize.STRETCH)[0])
                .isBetween(40f, 55f);
    }

    @Test
    void shrinkingAveragesWhatSkippingWouldMiss() {
        byte[] stripes = new byte[64 * 64 * 3];
        for (int i = 0; i < 64 * 64; i += 2) {
            stripes[3 * i] = (byte) 200;
        }
        float[] row = row(
                RgbImage.wrap(64, 64, stripes),
                8,
                8,
                InputSpec.Layout.NHWC,
                InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH);
        for (int i = 0; i < row.length; i += 3) {
            assertThat(row[i]).isCloseTo(100, within(8f));
        }
    }

    @Test
    void anExtremeShapeNeedsNoMemoryOfItsSquare() {
        RgbImage line = RgbImage.wrap(1, 4_000_000, new byte[12_000_000]);
        for (InputSpec.Resize resize : InputSpec.Resize.values()) {
            assertThat(row(line, 32, 32, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, resize))
                    .containsOnly(0);
        }
    }

    private static float[] row(
            RgbImage image,
            int width,
            int height,
            InputSpec.Layout layout,
            InputSpec.Colour colour,
            InputSpec.Resize resize) {
        int channels = colour == InputSpec.Colour.GREY ? 1 : 3;
        InputSpec spec = new InputSpec(
                channels,
                height,
                width,
                layout,
                colour,
                resize,
                java.util.Collections.nCopies(channels, 0f),
                java.util.Collections.nCopies(channels, 1 / 255f));
        float[] row = new Preprocessor(spec).toRow(image).values().clone();
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.round(row[i]);
        }
        return row;
    }
}
