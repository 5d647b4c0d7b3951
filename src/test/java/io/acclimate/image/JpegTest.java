package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments made by hand, since cameras and print software write what ImageIO's writer cannot. */
class JpegTest {
    enum Order {
        INTEL(ByteOrder.LITTLE_ENDIAN, "II"),
        MOTOROLA(ByteOrder.BIG_ENDIAN, "MM");

        private final ByteOrder bytes;
        private final String mark;

        Order(ByteOrder bytes, String mark) {
            this.bytes = bytes;
            this.mark = mark;
        }
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void theOrientationIsReadInBothByteOrdersOfExif(Order order) {
        for (int orientation = 1; orientation <= 8; orientation++) {
            assertThat(Jpeg.parse(jpeg(exif(order, 0x0112, orientation))).orientation())
                    .isEqualTo(orientation);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 65_535})
    void anOrientationThatDoesNotExistIsUpright(int orientation) {
        assertThat(Jpeg.parse(jpeg(exif(Order.INTEL, 0x0112, orientation))).orientation())
                .isEqualTo(1);
    }

    @Test
    void anotherTagIsNotTheOrientation() {
        assertThat(Jpeg.parse(jpeg(exif(Order.MOTOROLA, 0x0110, 6))).orientation())
                .isEqualTo(1);
    }

    @Test
    void anExifDirectoryThatPointsOutsideItsSegmentIsUpright() {
        for (int offset : new int[] {0, 7, 5_000, Integer.MAX_VALUE, -1}) {
            byte[] segment = exif(Order.MOTOROLA, 0x0112, 6);
            ByteBuffer.wrap(segment).putInt(4 + 6 + 4, offset);

            assertThat(Jpeg.parse(jpeg(segment)).orientation())
                    .as("offset %d", offset)
                    .isEqualTo(1);
        }
    }

    @Test
    void anExifDirectoryThatClaimsMoreEntriesThanItHasIsUpright() {
        byte[] segment = exif(Order.MOTOROLA, 0x0110, 6);
        ByteBuffer.wrap(segment).putShort(4 + 6 + 8, (short) 0xffff);

        assertThat(Jpeg.parse(jpeg(segment)).orientation()).isEqualTo(1);
    }

    @Test
    void adobesSegmentGivesTheColourTransformAndItsAbsenceIsTold() {
        assertThat(Jpeg.parse(jpeg(adobe(2))).adobeTransform()).isEqualTo(2);
        assertThat(Jpeg.parse(jpeg(adobe(0))).adobeTransform()).isZero();
        assertThat(Jpeg.parse(jpeg()).adobeTransform()).isEqualTo(Jpeg.NO_ADOBE);
        byte[] other = segment(0xee, "Addbe\0\0\0\0\0\0\2".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Jpeg.parse(jpeg(other)).adobeTransform()).isEqualTo(Jpeg.NO_ADOBE);
    }

    @Test
    void componentsAreThoseOfTheFrameWhateverItsCoding() {
        for (int marker : new int[] {0xc0, 0xc1, 0xc2, 0xc9, 0xcf}) {
            assertThat(Jpeg.parse(jpeg(frame(marker, 4))).components())
                    .as("frame %x", marker)
                    .isEqualTo(4);
        }
    }

    @Test
    void tablesAreNoFrames() {
        for (int marker : new int[] {0xc4, 0xc8, 0xcc, 0xdb}) {
            assertThat(Jpeg.parse(jpeg(frame(marker, 4))).components())
                    .as("table %x", marker)
                    .isZero();
        }
    }

    @Test
    void fillBytesBeforeAMarkerAreSkipped() {
        byte[] filled = new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff};

        assertThat(Jpeg.parse(jpeg(filled, adobe(2))).adobeTransform()).isEqualTo(2);
    }

    @Test
    void scansAreCountedAndTheEndIsSeenBehindTheLastOne() {
        byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 2, 1, 2, 3};
        byte[] three = concat(new byte[] {(byte) 0xff, (byte) 0xd8}, scan, scan, scan);

        assertThat(Jpeg.parse(three).scans()).isEqualTo(3);
        assertThat(Jpeg.parse(three).whole()).isFalse();
        byte[] ended = concat(three, new byte[] {(byte) 0xff, (byte) 0xd9});
        assertThat(Jpeg.parse(ended).whole()).isTrue();
        assertThat(Jpeg.parse(concat(ended, new byte[100])).whole())
                .as("with bytes that a camera appended")
                .isTrue();
    }

    @Test
    void anEndMarkerInsideOfAThumbnailDoesNotEndTheImage() {
        byte[] thumbnail = segment(0xe1, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9});
        byte[] cut = concat(
                new byte[] {(byte) 0xff, (byte) 0xd8}, thumbnail, new byte[] {(byte) 0xff, (byte) 0xda, 0, 2, 1});

        assertThat(Jpeg.parse(cut).whole()).isFalse();
    }

    @Property(tries = 500)
    void anyBytesAreParsedWithoutAnException(@ForAll byte[] body, @ForAll long seed) {
        byte[] file = concat(
                new byte[] {(byte) 0xff, (byte) 0xd8},
                exif(seed % 2 == 0 ? Order.INTEL : Order.MOTOROLA, 0x0112, 6),
                adobe(1),
                body);
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            file[2 + random.nextInt(file.length - 2)] = (byte) random.nextInt(256);
        }

        Jpeg facts = Jpeg.parse(java.util.Arrays.copyOf(file, 2 + random.nextInt(file.length - 1)));

        assertThat(facts.orientation()).isBetween(1, 8);
        assertThat(facts.components()).isBetween(0, 255);
    }

    private static byte[] jpeg(byte[]... segments) {
        return concat(new byte[] {(byte) 0xff, (byte) 0xd8}, concat(segments), new byte[] {
            (byte) 0xff, (byte) 0xda, 0, 2, (byte) 0xff, (byte) 0xd9
        });
    }

    private static byte[] frame(int marker, int components) {
        return segment(marker, new byte[] {8, 0, 4, 0, 4, (byte) components, 0, 0});
    }

    private static byte[] adobe(int transform) {
        byte[] body = "Adobe\0\0\0\0\0\0x".getBytes(StandardCharsets.ISO_8859_1);
        body[11] = (byte) transform;
        return segment(0xee, body);
    }

    /** One directory of one entry: tag, type SHORT, one value. */
    private static byte[] exif(Order order, int tag, int value) {
        ByteBuffer tiff = ByteBuffer.allocate(26).order(order.bytes);
        tiff.put(order.mark.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8);
        tiff.putShort((short) 1)
                .putShort((short) tag)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) value);
        return segment(0xe1, concat("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), tiff.array()));
    }

    private static byte[] segment(int marker, byte[] body) {
        return concat(
                new byte[] {(byte) 0xff, (byte) marker, (byte) ((body.length + 2) >> 8), (byte) (body.length + 2)},
                body);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
