package io.acclimate.image;

import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.reason;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput.TensorInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final InputSpec SPEC = new InputSpec(
            3,
            32,
            32,
            InputSpec.Layout.NCHW,
            InputSpec.Colour.RGB,
            InputSpec.Resize.STRETCH,
            List.of(0.5f, 0.5f, 0.5f),
            List.of(0.5f, 0.5f, 0.5f));

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @CsvSource({"png,0", "png,1", "bmp,0", "tiff,0"})
    void losslessFormatsGiveTheVeryPixels(String format, int progressive) {
        RgbImage image = Pictures.random(37, 21, 5);
        byte[] file = Pictures.write(
                Pictures.buffered(image, BufferedImage.TYPE_INT_RGB),
                format,
                progressive == 0 ? ImageWriteParam.MODE_DISABLED : ImageWriteParam.MODE_DEFAULT);
        assertThat(value(decoder.toPixels(payload(file)))).isEqualTo(image);
    }

    @Test
    void greyIsNotBrightened() {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster()
                .setSamples(
                        0,
                        0,
                        4,
                        4,
                        0,
                        Collections.nCopies(16, 100).stream().mapToInt(v -> v).toArray());
        for (String format : List.of("png", "bmp", "jpeg", "tiff")) {
            RgbImage read = value(decoder.toPixels(payload(Pictures.write(grey, format))));
            assertThat(read.at(1, 1, 1)).as(format).isBetween(95, 105);
        }
    }

    @Test
    void alphaLiesOverBlackAndOfSixteenBitsTheUpperEightCount() {
        byte[] alpha = Pictures.png(1, 1, 8, PngHeader.RGB_ALPHA, new byte[] {0, (byte) 200, 100, 50, (byte) 128});
        assertThat(value(decoder.toPixels(payload(alpha))).rgb()).containsExactly(100, 50, 25);
        byte[] deep = Pictures.png(1, 1, 16, PngHeader.RGB, new byte[] {0, 0x40, (byte) 0xff, 0x20, 0, 0x10, 0x10});
        assertThat(value(decoder.toPixels(payload(deep))).rgb()).containsExactly(64, 32, 16);
    }

    @Test
    void palettesOfFewBitsAndTransparentColoursAreRead() {
        byte[] palette = Pictures.chunk("PLTE", new byte[] {1, 2, 3, 10, 20, 30, 100, 110, 120});
        byte[] file = Pictures.png(
                4, 1, 2, PngHeader.PALETTE, new byte[] {0, 0b00_01_10_01}, palette, Pictures.chunk("tRNS", new byte[] {
                    (byte) 255, 0
                }));
        assertThat(value(decoder.toPixels(payload(file))).rgb())
                .containsExactly(1, 2, 3, 0, 0, 0, 100, 110, 120, 0, 0, 0);
        byte[] outside = Pictures.png(4, 1, 2, PngHeader.PALETTE, new byte[] {0, 0b00_11_00_00}, palette);
        assertThat(reason(decoder.toPixels(payload(outside)))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
    }

    @Test
    void gifGivesItsFrame() {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_INDEXED);
        image.setRGB(2, 1, 0xffff0000);
        RgbImage read = value(decoder.toPixels(payload(Pictures.write(image, "gif", ImageWriteParam.MODE_DISABLED))));
        assertThat(read.at(0, 0, 0)).isEqualTo(0);
        assertThat(read.at(2, 1, 0)).isEqualTo(255);
        assertThat(read.at(2, 1, 1)).isEqualTo(0);
    }

    @Test
    void exifOrientationTurnsAndOtherSegmentsDoNot() throws IOException {
        // Red left half, blue right half; stored turned, orientation 6 says to turn it clockwise.
        RgbImage read = value(decoder.toPixels(payload(resource("exif6.jpg"))));
        assertThat(read.width()).isEqualTo(16);
        assertThat(read.height()).isEqualTo(32);
        assertThat(read.at(8, 4, 0)).isGreaterThan(200);
        assertThat(read.at(8, 28, 2)).isGreaterThan(200);
    }

    @Test
    void cmykJpegGivesItsColours() throws IOException {
        RgbImage read = value(decoder.toPixels(payload(resource("cmyk.jpg"))));
        assertThat(read.at(2, 4, 0)).isGreaterThan(230);
        assertThat(read.at(2, 4, 2)).isLessThan(25);
        assertThat(read.at(13, 4, 0)).isLessThan(25);
        assertThat(read.at(13, 4, 2)).isGreaterThan(230);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif", "bmp", "tiff"})
    void everyTruncationIsRefused(String format) {
        BufferedImage image = Pictures.buffered(Pictures.random(24, 24, 1), BufferedImage.TYPE_INT_RGB);
        byte[] file = Pictures.write(image, format);
        for (int length = 1; length < file.length - 20; length += 7) {
            assertThat(reason(decoder.toPixels(payload(Arrays.copyOf(file, length)))))
                    .as("%s cut to %d", format, length)
                    .isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        }
    }

    @Test
    void aFlippedBitInPngDataIsRefused() {
        byte[] file = Pictures.write(Pictures.buffered(Pictures.random(24, 24, 1), BufferedImage.TYPE_INT_RGB), "png");
        file[file.length / 2] ^= 4;
        assertThat(reason(decoder.toPixels(payload(file)))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
    }

    @Test
    void aBombIsRefusedByItsHeader() {
        byte[] bomb = Pictures.png(30_000, 30_000, 8, PngHeader.RGB, new byte[1000]);
        assertThat(reason(decoder.toPixels(payload(bomb)))).isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
        byte[] jpeg = Pictures.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "jpeg", ImageWriteParam.MODE_DISABLED);
        for (int i = 2; i < jpeg.length; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                Arrays.fill(jpeg, i + 5, i + 9, (byte) 0x7f);
                break;
            }
        }
        assertThat(reason(decoder.toPixels(payload(jpeg)))).isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
    }

    @Test
    void aHeaderThatTheFileCannotFillIsRefusedBeforeItsPixelsAreAllocated() {
        byte[] hollow = Pictures.png(4_000, 4_000, 8, PngHeader.RGB, new byte[1000]);
        assertThat(reason(decoder.toPixels(payload(hollow)))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
    }

    @Test
    void contentTypeIsHonoured() {
        byte[] png = Pictures.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
        assertThat(value(decoder.toTensor(payload(png, "Image/PNG; q=1"), SPEC)).values())
                .containsOnly(-1f);
        assertThat(reason(decoder.toTensor(payload(png, "image/webp"), SPEC)))
                .isEqualTo(DeadLetterReason.UNSUPPORTED_CONTENT_TYPE);
        assertThat(reason(decoder.toTensor(payload(png, "image/jpeg"), SPEC)))
                .isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        assertThat(reason(decoder.toTensor(payload("a text".getBytes(StandardCharsets.UTF_8)), SPEC)))
                .isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        assertThat(reason(decoder.toTensor(payload(new byte[0]), SPEC))).isEqualTo(DeadLetterReason.EMPTY_VALUE);
    }

    @Test
    void rawTensorsPassUnchangedWhenTheyHaveTheRowsSize() {
        float[] values = new float[3 * 32 * 32];
        values[7] = 0.25f;
        FloatTensor row = FloatTensor.wrap(Shape.of(3, 32, 32), values);
        Payload payload = payload(row.toLittleEndian(), Payload.TENSOR_F32);
        assertThat(value(decoder.toTensor(payload, SPEC))).isEqualTo(row);
        assertThat(reason(decoder.toTensor(payload(new byte[12], Payload.TENSOR_F32), SPEC)))
                .isEqualTo(DeadLetterReason.WRONG_TENSOR_SIZE);
    }

    @Test
    void aModelOfNumbersTakesItsTensorWithOrWithoutAContentTypeAndRefusesPicturesInWords() {
        TensorInput sound = new TensorInput(Shape.of(2, 3));
        FloatTensor row = FloatTensor.wrap(Shape.of(2, 3), new float[] {0, -1, 2.5f, 3, 4, 5});
        byte[] bytes = row.toLittleEndian();

        assertThat(value(decoder.toTensor(payload(bytes, Payload.TENSOR_F32), sound)))
                .isEqualTo(row);
        assertThat(value(decoder.toTensor(payload(bytes), sound))).isEqualTo(row);
        assertThat(CompactRows.of(sound).toRow(value(decoder.toCompact(payload(bytes), sound))))
                .isEqualTo(row);
        assertThat(reason(decoder.toTensor(payload(new byte[23]), sound)))
                .isEqualTo(DeadLetterReason.WRONG_TENSOR_SIZE);
        assertThat(decoder.toTensor(payload(bytes, "image/png"), sound))
                .isEqualTo(Outcome.refused(
                        DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                        "content type 'image/png' is not what the model takes: application/x-tensor-f32,"
                                + " float32[2, 3]"));
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ImageDecoderTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
