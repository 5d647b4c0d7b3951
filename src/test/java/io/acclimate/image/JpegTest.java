package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments made by hand, since cameras and print software write what ImageIO's writer cannot. */
class JpegTest {
    private static final byte[] SOI = {(byte) 0xff, (byte) 0xd8};
    private static final byte[] JFIF = segment(0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0".getBytes(StandardCharsets.ISO_8859_1));

    @Test
    void theFirstExifSegmentGivesTheOrientation() {
        assertThat(Jpeg.parse(jpeg(exif(6))).orientation()).isEqualTo(6);
        assertThat(Jpeg.parse(jpeg(exif(6), exif(3))).orientation()).isEqualTo(6);
        assertThat(Jpeg.parse(jpeg()).orientation()).isEqualTo(1);
    }

    @Test
    void segmentsAndComponentIdsTogetherGiveTheColours() {
        assertThat(colour(frame(0xc0, 1, 2, 3))).isEqualTo(JpegColour.YCC);
        assertThat(colour(frame(0xc0, 'R', 'G', 'B'))).isEqualTo(JpegColour.RGB);
        assertThat(colour(adobe(0), frame(0xc0, 1, 2, 3))).isEqualTo(JpegColour.RGB);
        assertThat(colour(frame(0xc0, 1, 2, 3), adobe(0)))
                .as("behind the frame")
                .isEqualTo(JpegColour.RGB);
        assertThat(colour(adobe(0), JFIF, frame(0xc0, 'R', 'G', 'B'))).isEqualTo(JpegColour.YCC);
        assertThat(colour(adobe(2), frame(0xc0, 1, 2, 3, 4))).isEqualTo(JpegColour.YCCK);
        byte[] other = segment(0xee, "Addbe\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(colour(other, frame(0xc0, 1, 2, 3))).isEqualTo(JpegColour.YCC);
    }

    @Test
    void componentsAreThoseOfTheFrameWhateverItsCoding() {
        for (int marker : new int[] {0xc0, 0xc1, 0xc2, 0xc9, 0xcf}) {
            assertThat(colour(frame(marker, 1, 2, 3, 4))).as("frame %x", marker).isEqualTo(JpegColour.CMYK);
        }
        for (int marker : new int[] {0xc4, 0xc8, 0xcc, 0xdb}) {
            assertThat(colour(frame(marker, 1, 2, 3, 4))).as("table %x", marker).isEqualTo(JpegColour.UNKNOWN);
        }
    }

    @Test
    void theBarePictureHasTablesFrameAndScansAlone() {
        byte[] table = segment(0xc4, new byte[] {1, 2, 3});
        byte[] comment = segment(0xfe, new byte[] {(byte) 0xff, (byte) 0xd9});
        byte[] padding = {0, 1, (byte) 0xff, 0, (byte) 0xff, (byte) 0xff};

        Jpeg facts = Jpeg.parse(concat(jpeg(exif(6), padding, table, comment, JFIF), new byte[100]));

        assertThat(facts.bare().array()).isEqualTo(jpeg(table));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 8, 9, 15, 16, 17, 100})
    void dataEndAtTheirMarkerWhereverItIs(int before) {
        byte[] data = new byte[before];
        Arrays.fill(data, (byte) 0xfe);
        byte[] scan = concat(new byte[] {(byte) 0xff, (byte) 0xda, 0, 2}, data);
        byte[] file = concat(SOI, scan, new byte[] {(byte) 0xff, (byte) 0xd9}, new byte[20]);

        Jpeg jpeg = Jpeg.parse(file);

        assertThat(jpeg.ended()).isTrue();
        assertThat(jpeg.bare().array()).isEqualTo(concat(SOI, scan, new byte[] {(byte) 0xff, (byte) 0xd9}));
    }

    @Test
    void scansAreCountedUpToTheEndMarker() {
        byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 2, 1, (byte) 0xff, 0, 2, (byte) 0xff, (byte) 0xd3, 3};
        byte[] three = concat(new byte[] {(byte) 0xff, (byte) 0xd8}, scan, scan, scan);

        assertThat(Jpeg.parse(three).scans()).isEqualTo(3);
        assertThat(Jpeg.parse(three).ended()).isFalse();
        byte[] ended = concat(three, new byte[] {(byte) 0xff, (byte) 0xd9});
        assertThat(Jpeg.parse(ended).ended()).isTrue();
        assertThat(Jpeg.parse(concat(ended, scan, scan)).scans()).isEqualTo(3);
    }

    @Test
    void oneScanHoldsAllOfAPictureThatIsNeitherProgressiveNorSplit() {
        byte[] grey = frame(0xc0, 1);
        byte[] scanOfOne = {(byte) 0xff, (byte) 0xda, 0, 3, 1, 7};

        assertThat(Jpeg.parse(concat(SOI, grey, scanOfOne)).oneScan()).isTrue();
        assertThat(Jpeg.parse(concat(SOI, frame(0xc2, 1), scanOfOne)).oneScan()).isFalse();
        assertThat(Jpeg.parse(concat(SOI, frame(0xc0, 1, 2, 3), scanOfOne)).oneScan())
                .isFalse();
        assertThat(Jpeg.parse(concat(SOI, grey, scanOfOne, scanOfOne)).oneScan())
                .isFalse();
    }

    @Test
    void anEndMarkerInsideOfAThumbnailDoesNotEndTheImage() {
        byte[] thumbnail = segment(0xe1, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9});
        byte[] cut = concat(
                new byte[] {(byte) 0xff, (byte) 0xd8}, thumbnail, new byte[] {(byte) 0xff, (byte) 0xda, 0, 2, 1});

        assertThat(Jpeg.parse(cut).ended()).isFalse();
    }

    @Property(tries = 500)
    void anyBytesAreParsedWithoutAnException(@ForAll byte[] body, @ForAll long seed) {
        byte[] file = concat(new byte[] {(byte) 0xff, (byte) 0xd8}, exif(6), adobe(1), body);
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            file[2 + random.nextInt(file.length - 2)] = (byte) random.nextInt(256);
        }

        Jpeg facts = Jpeg.parse(java.util.Arrays.copyOf(file, 2 + random.nextInt(file.length - 1)));

        assertThat(facts.orientation()).isBetween(1, 8);
        assertThat(facts.bare().size()).isLessThanOrEqualTo(file.length + 2);
    }

    private static byte[] jpeg(byte[]... segments) {
        return concat(new byte[] {(byte) 0xff, (byte) 0xd8}, concat(segments), new byte[] {
            (byte) 0xff, (byte) 0xda, 0, 2, (byte) 0xff, (byte) 0xd9
        });
    }

    private static JpegColour colour(byte[]... segments) {
        return Jpeg.parse(jpeg(segments)).colour();
    }

    private static byte[] frame(int marker, int... ids) {
        byte[] body = new byte[6 + 3 * ids.length];
        body[5] = (byte) ids.length;
        for (int i = 0; i < ids.length; i++) {
            body[6 + 3 * i] = (byte) ids[i];
        }
        return segment(marker, body);
    }

    private static byte[] adobe(int transform) {
        byte[] body = "Adobe\0\0\0\0\0\0x".getBytes(StandardCharsets.ISO_8859_1);
        body[11] = (byte) transform;
        return segment(0xee, body);
    }

    private static byte[] exif(int orientation) {
        return segment(
                0xe1,
                concat("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), ExifTest.exif("II", 8, 0, 3, orientation)));
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
