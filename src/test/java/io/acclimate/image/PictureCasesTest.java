package io.acclimate.image;

import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.reason;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.InputSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as cameras, telephones and old programs leave them. The right scores are those of Pillow 9.4 and PyTorch 1.13. */
class PictureCasesTest {
    private static final InputSpec SPEC = new InputSpec(
            3,
            32,
            48,
            InputSpec.Layout.NCHW,
            InputSpec.Colour.RGB,
            InputSpec.Resize.STRETCH,
            List.of(0.5f, 0.5f, 0.5f),
            List.of(0.5f, 0.5f, 0.5f));

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @CsvSource({
        "base444.jpg, 0.44328, 0.49656, 0.06016",
        "ycc_ids012_nojfif.jpg, 0.44328, 0.49656, 0.06016",
        "ycc_jfif_adobe0.jpg, 0.44328, 0.49656, 0.06016",
        "base420.jpg, 0.45323, 0.48361, 0.06316",
        "noeoi_pad.jpg, 0.45323, 0.48361, 0.06316",
        "exif6_short_be.jpg, 0.44499, 0.49102, 0.06399",
        "exif6_long_be.jpg, 0.44499, 0.49102, 0.06399",
        "base.png, 0.43726, 0.50274, 0.06000",
        "png_exif6.png, 0.43040, 0.50868, 0.06092",
        "png_exif6_after.png, 0.43040, 0.50868, 0.06092"
    })
    void theScoresAreThoseOfPillowAndPyTorch(String file, float first, float second, float third) throws Exception {
        float[] row = value(decoder.toTensor(payload(resource(file)), SPEC)).values();

        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(resource("plain_softmax.onnx"));
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(row), new long[] {1, 3, 32, 48});
                OrtSession.Result result =
                        session.run(Map.of(session.getInputNames().iterator().next(), input))) {
            float[] scores = ((float[][]) result.get(0).getValue())[0];
            assertThat(scores).containsExactly(new float[] {first, second, third}, Offset.offset(0.00002f));
        }
    }

    @Test
    void whatFollowsTheEndMarkerIsNotRead() throws IOException {
        byte[] photo = resource("base420.jpg");
        byte[] film = new byte[4_000_000];
        new Random(5).nextBytes(film);
        RgbImage alone = pixels(photo);

        assertThat(pixels(join(photo, film))).as("a film").isEqualTo(alone);
        assertThat(pixels(join(photo, resource("exif6_long_be.jpg"))))
                .as("another picture")
                .isEqualTo(alone);
        assertThat(pixels(join(photo, new byte[7_900_000])))
                .as("padding up to 7.9 MB")
                .isEqualTo(alone);
    }

    @Test
    void paddingBetweenSegmentsIsSkipped() throws IOException {
        byte[] photo = resource("base420.jpg");
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.write(photo, 0, 2);
        int at = 2;
        while ((photo[at + 1] & 0xff) != 0xda) {
            padded.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff});
            int length = 2 + ((photo[at + 2] & 0xff) << 8 | (photo[at + 3] & 0xff));
            padded.write(photo, at, length);
            padded.writeBytes(new byte[] {0, 0, 7, 0});
            at += length;
        }
        padded.write(photo, at, photo.length - at);

        assertThat(pixels(padded.toByteArray())).isEqualTo(pixels(photo));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 64, 5_000})
    void aLostEndMarkerIsNoHarmWhereTheDataAreWhole(int padding) throws IOException {
        byte[] photo = resource("base420.jpg");
        byte[] lost = Arrays.copyOf(photo, photo.length - 2);
        byte[] filled = new byte[padding];
        Arrays.fill(filled, (byte) 0xff);

        assertThat(pixels(join(lost, new byte[padding]))).as("zeros").isEqualTo(pixels(photo));
        assertThat(pixels(join(lost, filled))).as("ones").isEqualTo(pixels(photo));
    }

    @Test
    void aPartThatIsMissingIsRefusedAlsoWherePaddingHidesIt() throws IOException {
        byte[] photo = resource("base420.jpg");
        for (int missing = 8; missing < 60; missing += 5) {
            byte[] cut = Arrays.copyOf(photo, photo.length - 2 - missing);
            for (int padding : new int[] {0, 2, 500}) {
                assertThat(reason(decoder.toPixels(payload(join(cut, new byte[padding])))))
                        .as("%d bytes missing, %d zeros in their place", missing, padding)
                        .isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
            }
        }
    }

    @Test
    void aPngsOrientationWithAWrongChecksumIsDroppedAsLibpngDoes() throws IOException {
        byte[] file = resource("png_exif6.png");
        int exif = new String(file, StandardCharsets.ISO_8859_1).indexOf("eXIf");
        file[exif - 1 + 5 + file[exif - 1]] ^= 1;

        assertThat(pixels(file)).isEqualTo(pixels(resource("base.png")));
    }

    @Test
    void formatsThatAreNotReadAreNamed() {
        Map<String, byte[]> files = Map.of(
                "HEIC", bytes("\0\0\0\30ftypheic\0\0\0\0"),
                "AVIF", bytes("\0\0\0\34ftypavif\0\0\0\0"),
                "a film (mp42)", bytes("\0\0\0\30ftypmp42\0\0\0\0"),
                "JPEG XL", bytes("\u00ff\12\0\0"),
                "JPEG 2000", bytes("\0\0\0\14jP  \15\12\u0087\12"),
                "BigTIFF", bytes("II\53\0\10\0\0\0"),
                "PDF", bytes("%PDF-1.7\12"));
        files.forEach((name, file) -> assertThat(decoder.toPixels(payload(file)).toString())
                .contains(name + ", which is not read; send PNG, JPEG, GIF"));
    }

    private RgbImage pixels(byte[] file) {
        return value(decoder.toPixels(payload(file)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] resource(String name) throws IOException {
        return ImageDecoderTest.resource("cases/" + name);
    }
}
