package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.Shift;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BoxTest {
    private static InputSpec spec(InputSpec.Layout layout) {
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        return new InputSpec(3, 32, 40, layout, InputSpec.Colour.RGB, InputSpec.Resize.PAD, half, half);
    }

    /** A grey picture in black. */
    private static float[] framed(InputSpec input, Box box) {
        Planes planes = Planes.of(input);
        float[] pixels = new float[planes.channels() * planes.pixels()];
        for (int y = box.top(); y < box.top() + box.height(); y++) {
            for (int x = box.left(); x < box.left() + box.width(); x++) {
                for (int c = 0; c < planes.channels(); c++) {
                    pixels[planes.index(c, y * planes.width() + x)] = 0.2f + 0.01f * ((x + y) % 5);
                }
            }
        }
        return pixels;
    }

    @ParameterizedTest(name = "{0}, {1} of {2} x {3}")
    @CsvSource({"4,0,24,40", "0,6,32,28", "4,6,24,28", "4,6,25,27", "0,0,32,40"})
    void theFrameOfAFittedPictureIsFound(int top, int left, int height, int width) {
        Box box = new Box(top, left, height, width);
        for (InputSpec.Layout layout : InputSpec.Layout.values()) {
            InputSpec input = spec(layout);

            assertThat(Box.of(framed(input, box), Planes.of(input))).isEqualTo(box);
        }
    }

    @ParameterizedTest(name = "{0}, {1} of {2} x {3}")
    @CsvSource({"0,0,24,40", "4,2,24,28", "14,16,4,8"})
    void whatIsNotInTheMiddleOrIsTinyIsNoFittedPicture(int top, int left, int height, int width) {
        InputSpec input = spec(InputSpec.Layout.NCHW);

        Box found = Box.of(framed(input, new Box(top, left, height, width)), Planes.of(input));

        assertThat(found.isAllOf(input)).isTrue();
    }

    @Test
    void aBlackPictureIsNoFrame() {
        InputSpec input = spec(InputSpec.Layout.NHWC);

        assertThat(Box.of(new float[3 * 32 * 40], Planes.of(input)).isAllOf(input))
                .isTrue();
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void thingsBeforeABlackWallHaveNoFrame(Shift shift) {
        InputSpec input = TranslationFixture.MODEL.card().input().picture();
        PictureChanges changes = new PictureChanges(input);
        try (TranslationFixture fixture = new TranslationFixture()) {
            assertThat(fixture.samples(shift, 300))
                    .allMatch(sample -> Box.of(changes.pixels(sample.row()), Planes.of(input))
                            .isAllOf(input));
        }
    }

    @Test
    void whatIsCroppedAndPastedIsTheRow() {
        for (InputSpec.Layout layout : InputSpec.Layout.values()) {
            InputSpec input = spec(layout);
            Box box = new Box(4, 6, 24, 28);
            float[] values = new float[3 * 32 * 40];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            FloatTensor row = FloatTensor.wrap(input.row(), values);

            FloatTensor cropped = box.cropped(row, input);

            assertThat(cropped.shape()).isEqualTo(box.inside(input).row());
            assertThat(box.pasted(row, cropped, input)).isEqualTo(row);
            float[] zeros = new float[cropped.values().length];
            FloatTensor emptied = box.pasted(row, FloatTensor.wrap(cropped.shape(), zeros), input);
            assertThat(sum(emptied)).isEqualTo(sum(row) - sum(cropped));
        }
    }

    private static double sum(FloatTensor row) {
        double sum = 0;
        for (float each : row.values()) {
            sum += each;
        }
        return sum;
    }
}
