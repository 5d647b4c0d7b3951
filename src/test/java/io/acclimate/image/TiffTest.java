package io.acclimate.image;

import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.reason;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.acclimate.core.DeadLetterReason;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories made by hand, of a picture of 3 x 2 pixels without compression unless a test says otherwise. */
class TiffTest {
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @ValueSource(strings = {"II", "MM"})
    void greyIsReadInEitherByteOrderAndDirection(String order) {
        byte[] samples = {0, 50, 100, (byte) 150, (byte) 200, (byte) 255};

        assertThat(greys(file(order, tags(BLACK_IS_ZERO, 8, 6), samples))).containsExactly(0, 50, 100, 150, 200, 255);
        assertThat(greys(file(order, tags(WHITE_IS_ZERO, 8, 6), samples))).containsExactly(255, 205, 155, 105, 55, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"II", "MM"})
    void ofSixteenBitsTheUpperEightCount(String order) {
        ByteBuffer samples = ByteBuffer.allocate(12).order(order(order));
        for (int value : new int[] {0, 255, 256, 0x1ff, 0x7fff, 0xffff}) {
            samples.putShort((short) value);
        }

        assertThat(greys(file(order, tags(BLACK_IS_ZERO, 16, 12), samples.array())))
                .containsExactly(0, 0, 1, 1, 127, 255);
    }

    @Test
    void opacityLiesOverBlackAndOtherExtraSamplesAreNotLookedAt() {
        byte[] samples = new byte[24];
        Arrays.fill(samples, (byte) 200);
        samples[3] = (byte) 128;
        Map<Integer, int[]> tags = tags(2, 8, 24);
        tags.put(258, new int[] {8, 8, 8, 8});
        tags.put(277, new int[] {4});
        tags.put(338, new int[] {2});
        RgbImage opaque = pixels(file("II", tags, samples));
        tags.put(338, new int[] {0});
        RgbImage ignored = pixels(file("II", tags, samples));

        assertThat(opaque.at(0, 0, 0)).isEqualTo(100);
        assertThat(opaque.at(1, 0, 0)).isEqualTo(157);
        assertThat(ignored.at(0, 0, 0)).isEqualTo(200);
    }

    @Test
    void theOrientationTurns() {
        Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 8, 6);
        tags.put(274, new int[] {6});

        RgbImage turned = pixels(file("MM", tags, new byte[] {1, 2, 3, 4, 5, 6}));

        assertThat(turned.width()).isEqualTo(2);
        assertThat(turned.at(0, 0, 0)).isEqualTo(4);
        assertThat(turned.at(1, 2, 0)).isEqualTo(3);
    }

    @Test
    void anXmpPacketTurnsWhereTheDirectoryDoesNot() {
        String xmp = "<tiff:Orientation>6</tiff:Orientation>";
        Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 8, 6);
        tags.put(700, xmp.chars().toArray());

        assertThat(pixels(file("II", tags, new byte[6])).width()).isEqualTo(2);
        tags.put(274, new int[] {1});
        assertThat(pixels(file("II", tags, new byte[6])).width()).isEqualTo(3);
    }

    /** OpenCV and ImageMagick write pictures of 16 bits in this way. */
    @ParameterizedTest
    @ValueSource(strings = {"II", "MM"})
    void differencesOfSixteenBitsAreAddedUp(String order) {
        int[][] rows = {{1000, 30_000, 65_535}, {65_000, 2, 40_000}};
        ByteBuffer samples = ByteBuffer.allocate(12).order(order(order));
        for (int[] row : rows) {
            for (int x = 0; x < row.length; x++) {
                samples.putShort((short) (row[x] - (x == 0 ? 0 : row[x - 1])));
            }
        }
        byte[] packed = deflated(samples.array());
        Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 16, packed.length);
        tags.put(259, new int[] {8});
        tags.put(317, new int[] {2});

        assertThat(greys(file(order, tags, packed))).containsExactly(3, 117, 255, 253, 0, 156);
    }

    private static byte[] deflated(byte[] samples) {
        Deflater deflater = new Deflater();
        deflater.setInput(samples);
        deflater.finish();
        byte[] out = new byte[samples.length + 64];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    /** Tag, value, what the refusal says. */
    @ParameterizedTest
    @CsvSource({
        "256, 30000, 6 bytes for 2 rows of 30000 pixels",
        "257, 3000, 6 bytes for 3000 rows",
        "258, 12, 12 bits",
        "258, 32, 32 bits",
        "259, 6, 'JPEG inside, compression 6'",
        "259, 7, 'JPEG inside, compression 7'",
        "259, 50001, compression 50001",
        "259, 3, coded as a fax",
        "262, 6, photometric interpretation 6",
        "262, 3, 0 palette values",
        "262, 2, 1 samples of interpretation 2",
        "273, 5000, bytes at 5000",
        "277, 7, 7 samples",
        "278, 1, 1 parts where it has 2",
        "279, 5000, 5000 bytes at",
        "279, 5, 5 bytes for 2 rows",
        "284, 3, planar configuration 3",
        "322, 0, tiles of 0x0",
        "339, 3, samples of format 3"
    })
    void aClaimThatTheFileCannotHoldOrThatIsNotReadIsRefused(int tag, int value, String message) {
        Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 8, 6);
        tags.put(tag, new int[] {value});

        assertThat(decoder.toPixels(payload(file("II", tags, new byte[6]))).toString())
                .contains(message);
    }

    @Test
    void aBombIsRefusedByItsHeader() {
        Map<Integer, int[]> wide = tags(BLACK_IS_ZERO, 8, 6);
        wide.put(256, new int[] {40_000});
        wide.put(257, new int[] {40_000});
        Map<Integer, int[]> tiled = tags(BLACK_IS_ZERO, 8, 6);
        tiled.put(322, new int[] {60_000});
        tiled.put(323, new int[] {60_000});

        assertThat(reason(decoder.toPixels(payload(file("II", wide, new byte[6])))))
                .isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
        assertThat(reason(decoder.toPixels(payload(file("II", tiled, new byte[6])))))
                .isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
    }

    @Test
    void stripsAreReadThatWereCheckedAndNoTilesBesideThem() {
        byte[] data = new byte[12];
        Arrays.fill(data, 0, 6, (byte) 200);
        Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 8, 6);
        tags.put(324, new int[] {8 + 6});
        tags.put(325, new int[] {60_000});

        assertThat(greys(file("II", tags, data))).containsOnly(200);
    }

    /** Each tile would be unpacked as a whole for one column of it. */
    @Test
    void tilesThatCoverFarMoreThanThePictureAreRefused() {
        Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 8, 6);
        tags.put(256, new int[] {1});
        tags.put(257, new int[] {60_000});
        tags.put(322, new int[] {4_000});
        tags.put(323, new int[] {4});

        assertThat(decoder.toPixels(payload(file("II", tags, new byte[6]))).toString())
                .contains("tiles that cover 240000000 pixels");
    }

    @Test
    void aStripThatUnpacksToLessThanItsRowsIsRefused() {
        for (int compression : new int[] {5, 8, 32773}) {
            Map<Integer, int[]> tags = tags(BLACK_IS_ZERO, 8, 2);
            tags.put(259, new int[] {compression});

            assertThat(reason(decoder.toPixels(payload(file("II", tags, new byte[] {0, 7})))))
                    .as("compression %d", compression)
                    .isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LZW", "Deflate", "ZLib", "PackBits"})
    void everyStripIsCountedAsItsWriterPackedIt(String name) {
        RgbImage image = Pictures.random(211, 97, 4);
        byte[] smooth = image.rgb().clone();
        for (int i = 0; i < smooth.length; i++) {
            smooth[i] = (byte) (smooth[i] / 40 * (i % 7 < 5 ? 0 : 1));
        }
        RgbImage drawn = RgbImage.wrap(211, 97, smooth);

        assertThat(pixels(Pictures.tiff(image, name))).isEqualTo(image);
        assertThat(pixels(Pictures.tiff(drawn, name))).isEqualTo(drawn);
        byte[] file = Pictures.tiff(drawn, name);
        halveStrips(file);
        assertThat(decoder.toPixels(payload(file)).toString())
                .contains("bytes for")
                .contains("rows of 211 pixels");
    }

    private long allocated(RgbImage image) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] file = Pictures.tiff(image, "PackBits");
        pixels(file);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(pixels(file)).isEqualTo(image);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void oneLongRowTakesNoMoreMemoryThanASquare() {
        assertThat(allocated(Pictures.random(250_000, 1, 3)))
                .isLessThan(allocated(Pictures.random(500, 500, 3)) * 5 / 4);
    }

    /** Found as an OutOfMemoryError that stopped a worker again after each restart. */
    @Test
    void whatWouldTakeMoreMemoryThanADecoderGetsIsRefusedBeforeItIsTaken() {
        Map<Integer, int[]> tags = tags(5, 16, 2);
        tags.put(256, new int[] {4_000});
        tags.put(257, new int[] {4_000});
        tags.put(258, new int[] {16, 16, 16, 16, 16});
        tags.put(277, new int[] {5});
        tags.put(338, new int[] {2});

        var refused = decoder.toPixels(payload(file("II", tags, new byte[] {0, 7})));

        assertThat(reason(refused)).isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
        assertThat(refused.toString()).contains("TIFF of 4000x4000", "5 samples of 16 bits", "134217728");
    }

    private static void halveStrips(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(order(new String(file, 0, 2, StandardCharsets.US_ASCII)));
        int directory = in.getInt(4);
        for (int i = 0; i < in.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (in.getShort(entry) == 279) {
                int count = in.getInt(entry + 4);
                int at = count == 1 ? entry + 8 : in.getInt(entry + 8);
                for (int j = 0; j < count; j++) {
                    in.putInt(at + 4 * j, in.getInt(at + 4 * j) / 2);
                }
            }
        }
    }

    private int[] greys(byte[] file) {
        RgbImage image = pixels(file);
        int[] greys = new int[6];
        for (int i = 0; i < 6; i++) {
            greys[i] = image.at(i % 3, i / 3, 1);
        }
        return greys;
    }

    private RgbImage pixels(byte[] file) {
        return value(decoder.toPixels(payload(file)));
    }

    private static ByteOrder order(String mark) {
        return mark.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /** The tags of a picture of one strip. Its data are behind the header. */
    private static Map<Integer, int[]> tags(int photometric, int bits, int bytes) {
        Map<Integer, int[]> tags = new TreeMap<>();
        tags.put(256, new int[] {3});
        tags.put(257, new int[] {2});
        tags.put(258, new int[] {bits});
        tags.put(262, new int[] {photometric});
        tags.put(273, new int[] {8});
        tags.put(277, new int[] {photometric == 2 ? 3 : 1});
        tags.put(279, new int[] {bytes});
        return tags;
    }

    /** All values are SHORT. */
    private static byte[] file(String mark, Map<Integer, int[]> tags, byte[] data) {
        int directory = 8 + data.length;
        ByteBuffer out =
                ByteBuffer.allocate(directory + 2 + 12 * tags.size() + 4 + 128).order(order(mark));
        out.put(mark.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(directory)
                .put(data);
        out.putShort((short) tags.size());
        int more = directory + 2 + 12 * tags.size() + 4;
        int entry = directory + 2;
        for (Map.Entry<Integer, int[]> tag : tags.entrySet()) {
            int[] values = tag.getValue();
            boolean bytes = tag.getKey() == 700;
            out.putShort(entry, tag.getKey().shortValue())
                    .putShort(entry + 2, (short) (bytes ? 1 : 3))
                    .putInt(entry + 4, values.length);
            int to = entry + 8;
            if (values.length > 2) {
                out.putInt(entry + 8, more);
                to = more;
                more += 2 * values.length;
            }
            for (int value : values) {
                if (bytes) {
                    out.put(to++, (byte) value);
                } else {
                    out.putShort(to, (short) value);
                    to += 2;
                }
            }
            entry += 12;
        }
        return out.array();
    }
}
