package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactRowTest {
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    private static InputSpec spec(InputSpec.Layout layout, InputSpec.Colour colour) {
        int channels = colour == InputSpec.Colour.GREY ? 1 : 3;
        return new InputSpec(
                channels,
                5,
                7,
                layout,
                colour,
                InputSpec.Resize.CROP,
                List.of(0.1f, 0.2f, 0.3f).subList(0, channels),
                List.of(0.5f, 0.6f, 0.7f).subList(0, channels));
    }

    private static <T> T value(Outcome<T> outcome) {
        return ((Outcome.Ok<T>) outcome).value();
    }

    @ParameterizedTest
    @CsvSource({"NCHW,RGB", "NCHW,BGR", "NCHW,GREY", "NHWC,RGB", "NHWC,BGR", "NHWC,GREY"})
    void givesTheRowOfAnImageBackFromOneByteForEachValue(InputSpec.Layout layout, InputSpec.Colour colour) {
        InputSpec spec = spec(layout, colour);
        byte[] rgb = new byte[3 * 9 * 11];
        new Random(5).nextBytes(rgb);
        RgbImage image = RgbImage.wrap(9, 11, rgb);
        Preprocessor preprocessor = new Preprocessor(spec);

        Bytes compact = preprocessor.toLevels(image);

        assertThat(compact.size()).isEqualTo((int) spec.row().elements());
        assertThat(preprocessor.toRow(compact)).isEqualTo(preprocessor.toRow(image));
        ModelInput.Row waiting = preprocessor.toWaitingRow(image);
        assertThat(waiting.shape()).isEqualTo(spec.row());
        assertThat(waiting.values(new float[(int) spec.row().elements() + 2]))
                .startsWith(preprocessor.toRow(image).values());
    }

    @Test
    void keepsARawTensorAsItCame() {
        InputSpec spec = spec(InputSpec.Layout.NCHW, InputSpec.Colour.RGB);
        float[] values = new float[(int) spec.row().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 7f - 3;
        }
        FloatTensor row = FloatTensor.wrap(spec.row(), values);
        Payload payload = new Payload(Bytes.wrap(row.toLittleEndian()), Optional.of(Payload.TENSOR_F32));

        Bytes compact = value(decoder.toCompact(payload, spec));

        assertThat(new Preprocessor(spec).toRow(compact)).isEqualTo(row);
    }
}
