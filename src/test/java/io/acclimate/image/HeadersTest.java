package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DeadLetterReason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a file before anything is decoded: its format, its size, and whether both can be true. */
class HeadersTest {
    private static final ImageLimits LIMITS = new ImageLimits(1_000, 10_000);

    @ParameterizedTest
    @CsvSource({
        "image/png, PNG",
        "image/jpeg, JPEG",
        "image/jpg, JPEG",
        "image/pjpeg, JPEG",
        "image/gif, GIF",
        "image/bmp, BMP",
        "image/x-bmp, BMP",
        "image/x-ms-bmp, BMP",
        "image/tiff, TIFF"
    })
    void aContentTypeNamesAFormat(String type, ImageFormat format) {
        assertThat(ImageFormat.ofContentType(type)).contains(format);
    }

    @Test
    void otherContentTypesNameNone() {
        for (String type : List.of("image/webp", "image/heic", "text/png", "", "image")) {
            assertThat(ImageFormat.ofContentType(type)).as(type).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"Image/PNG; q=1,image/png", "' image/jpeg ',image/jpeg", "image/gif;charset=x;y=z,image/gif", "'',''"})
    void aMediaTypeHasNoParametersNoCapitalsAndNoSpaces(String contentType, String mediaType) {
        assertThat(ImageFormat.mediaType(contentType)).isEqualTo(mediaType);
    }

    @Test
    void aFormatIsToldByItsFirstBytesAndNotByFewerOfThem() {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        assertThat(ImageFormat.sniff(png)).contains(ImageFormat.PNG);
        assertThat(ImageFormat.sniff(java.util.Arrays.copyOf(png, 7))).isEmpty();
        assertThat(ImageFormat.sniff(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}))
                .contains(ImageFormat.JPEG);
        assertThat(ImageFormat.sniff(new byte[] {'G', 'I', 'F', '8'})).contains(ImageFormat.GIF);
        assertThat(ImageFormat.sniff(new byte[] {'B', 'M'})).contains(ImageFormat.BMP);
        assertThat(ImageFormat.sniff(new byte[0])).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, UNDECODABLE_IMAGE",
        "5, -1, UNDECODABLE_IMAGE",
        "101, 100, IMAGE_TOO_LARGE",
        "9223372036854775807, 2, IMAGE_TOO_LARGE",
        "3037000500, 3037000500, IMAGE_TOO_LARGE"
    })
    void aSizeBeyondTheLimitIsRefusedAlsoWhenItsProductOverflows(long width, long height, DeadLetterReason reason) {
        assertThatThrownBy(() -> LIMITS.checkSize(ImageFormat.GIF, width, height))
                .isInstanceOfSatisfying(UnreadableImageException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(reason);
                    assertThat(refused.text()).contains("GIF", width + "x" + height);
                });
        assertThatCode(() -> LIMITS.checkSize(ImageFormat.GIF, 100, 100)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "1, 500000001"})
    void limitsThatTakeNothingOrEverythingAreRefused(int bytes, long pixels) {
        assertThatThrownBy(() -> new ImageLimits(bytes, pixels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got " + bytes + " and " + pixels);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 8, 1, 1", "0, 16, 8, 2, 16", "2, 8, 3, 3, 9", "3, 4, 5, 1, 3", "4, 8, 2, 2, 4", "6, 16, 2, 8, 16"
    })
    void rowsArePackedAsThePngFormatSays(int colour, int depth, int width, int pixelBytes, long stride)
            throws UnreadableImageException {
        byte[] file = Pictures.png(width, 1, depth, colour, new byte[20]);

        PngHeader header = PngHeader.parse(file, LIMITS);

        assertThat(header.stride()).isEqualTo(stride);
        assertThat(header.pixelBytes()).isEqualTo(pixelBytes);
    }

    @ParameterizedTest
    @CsvSource({"2, 4", "3, 16", "4, 2", "6, 1", "1, 8", "5, 8", "7, 8", "0, 3", "0, 0"})
    void colourTypesAndDepthsThatPngDoesNotPairAreRefused(int colour, int depth) {
        byte[] file = Pictures.png(1, 1, depth, colour, new byte[20]);

        assertThatThrownBy(() -> PngHeader.parse(file, LIMITS))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("colour type " + colour + ", depth " + depth);
    }

    @Test
    void aBitmapHeaderMayBeOldOrClaimWhatTheFileHolds() {
        assertThatCode(() -> BmpHeader.checked(bmp(12))).doesNotThrowAnyException();
        assertThatCode(() -> BmpHeader.checked(bmp(40))).doesNotThrowAnyException();
        assertThatCode(() -> BmpHeader.checked(bmp(124))).doesNotThrowAnyException();
    }

    /** Offset in the file, value there, what the refusal says. */
    @ParameterizedTest
    @CsvSource({
        "14, 39, a header of 39",
        "14, 100000, a header of 100000",
        "14, -1, a header of -1",
        "30, 4, compression 4",
        "30, 5, compression 5",
        "30, -1, compression -1",
        "34, 201, pixel data of 201",
        "34, -1, pixel data of 4294967295",
        "10, 201, an offset of 201",
        "46, 65537, a palette of 65537",
        "70, 1279872587, outside itself",
        "130, 201, a profile of 201"
    })
    void aBitmapHeaderThatCannotBeTrueIsRefused(int at, int value, String message) {
        byte[] file = bmp(124);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);

        assertThatThrownBy(() -> BmpHeader.checked(file))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aBitmapWithoutAHeaderIsCutOff() {
        assertThatThrownBy(() -> BmpHeader.checked(new byte[25])).hasMessage("BMP is cut off after 25 bytes");
    }

    private static byte[] bmp(int header) {
        byte[] file = new byte[200];
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(14, header);
        return file;
    }
}
