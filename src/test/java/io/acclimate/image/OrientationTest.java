package io.acclimate.image;

import static io.acclimate.image.Pictures.chunk;
import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orientation in places other than EXIF data proper, as {@code exif_transpose} of Pillow 12.3 finds it. */
class OrientationTest {
    private static final String ATTRIBUTE = "<rdf:Description tiff:Orientation=\"%d\"/>";
    private static final String ELEMENT = "<tiff:Orientation>%d</tiff:Orientation>";
    private static final String NAMESPACE = "http://ns.adobe.com/xap/1.0/\0";

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @ValueSource(strings = {ATTRIBUTE, ELEMENT})
    void xmpTurnsAJpegWithoutAnOrientationInItsExifData(String xmp) throws IOException {
        byte[] photo = ImageDecoderTest.resource("cases/base420.jpg");
        byte[] six = segment(NAMESPACE + xmp.formatted(6));

        assertTurned(joined(photo, six));
        assertTurned(joined(photo, segment(new String(exif(0), StandardCharsets.ISO_8859_1)), six));
    }

    @Test
    void exifDataGoBeforeXmpAlsoWhereTheyStandBehindIt() throws IOException {
        byte[] photo = ImageDecoderTest.resource("cases/base420.jpg");
        byte[] xmp = segment(NAMESPACE + ATTRIBUTE.formatted(6));
        byte[] upright = segment(new String(exif(1), StandardCharsets.ISO_8859_1));

        assertUpright(joined(photo, upright, xmp));
        assertUpright(joined(photo, xmp, upright));
        assertUpright(joined(photo, segment(NAMESPACE + ATTRIBUTE.formatted(9))));
        assertUpright(joined(photo, segment(NAMESPACE + "<dc:title>tiff:Orientation</dc:title>")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tEXt", "zTXt", "iTXt", "packed iTXt"})
    void aPngsTextsOfExifDataAndXmpTurnIt(String type) {
        String profile =
                "\nexif\n      32\n" + HexFormat.of().formatHex(exif(6)).replaceAll("(.{36})", "$1\n") + "\n";

        assertTurned(png(text(type, "Raw profile type exif", profile)));
        assertTurned(png(text(type, "XML:com.adobe.xmp", ATTRIBUTE.formatted(6))));
        assertUpright(png(text(type, "Comment", ATTRIBUTE.formatted(6))));
    }

    @Test
    void aPngsExifChunkGoesBeforeItsTexts() {
        byte[] upright = chunk("eXIf", Arrays.copyOfRange(exif(1), 6, exif(1).length));
        byte[] silent = chunk("eXIf", Arrays.copyOfRange(exif(0), 6, exif(0).length));
        byte[] xmp = text("iTXt", "XML:com.adobe.xmp", ATTRIBUTE.formatted(6));

        assertUpright(png(xmp, upright));
        assertTurned(png(xmp, silent));
    }

    @Test
    void textsThatAreDamagedOrCutOffSayNothing() {
        byte[] packed = text("zTXt", "Raw profile type exif", "\nexif\n 2\nzz\n");
        byte[] wrong = text("tEXt", "XML:com.adobe.xmp", ATTRIBUTE.formatted(6));
        wrong[wrong.length - 1] ^= 1;

        assertUpright(png(packed));
        assertUpright(png(wrong));
        assertUpright(png(chunk("zTXt", "Raw profile type exif\0\0no deflate".getBytes(StandardCharsets.ISO_8859_1))));
        assertUpright(png(chunk("iTXt", "XML:com.adobe.xmp\0".getBytes(StandardCharsets.ISO_8859_1))));
        assertUpright(png(chunk("tEXt", "Raw profile type exif\0exif".getBytes(StandardCharsets.ISO_8859_1))));
    }

    private void assertTurned(byte[] file) {
        RgbImage image = value(decoder.toPixels(payload(file)));
        assertThat(image.width()).isLessThan(image.height());
    }

    private void assertUpright(byte[] file) {
        RgbImage image = value(decoder.toPixels(payload(file)));
        assertThat(image.width()).isGreaterThan(image.height());
    }

    /** EXIF data with an orientation, or with another tag in its place where that is 0. */
    private static byte[] exif(int orientation) {
        int tag = orientation == 0 ? 0x03 : 0x12;
        byte[] tiff = {
            'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, (byte) tag, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0, 0, 0
        };
        byte[] named = {'E', 'x', 'i', 'f', 0, 0};
        byte[] all = Arrays.copyOf(named, named.length + tiff.length);
        System.arraycopy(tiff, 0, all, named.length, tiff.length);
        return all;
    }

    private static byte[] segment(String body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = body.length() + 2;
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, (byte) (length >> 8), (byte) length});
        out.writeBytes(body.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    /** The JPEG with segments behind its start marker. */
    private static byte[] joined(byte[] photo, byte[]... segments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(photo, 0, 2);
        for (byte[] each : segments) {
            out.writeBytes(each);
        }
        out.write(photo, 2, photo.length - 2);
        return out.toByteArray();
    }

    private static byte[] text(String type, String key, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((key + '\0').getBytes(StandardCharsets.ISO_8859_1));
        byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
        switch (type) {
            case "tEXt" -> out.writeBytes(body);
            case "zTXt" -> {
                out.write(0);
                out.writeBytes(packed(body));
            }
            case "iTXt" -> {
                out.writeBytes(new byte[] {0, 0, 'e', 'n', 0, 0});
                out.writeBytes(body);
            }
            default -> {
                out.writeBytes(new byte[] {1, 0, 0, 0});
                out.writeBytes(packed(body));
            }
        }
        return chunk(type.substring(type.length() - 4), out.toByteArray());
    }

    private static byte[] packed(byte[] body) {
        Deflater deflater = new Deflater();
        deflater.setInput(body);
        deflater.finish();
        byte[] out = new byte[body.length + 64];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    /** A grey picture of 3×1 pixels. */
    private static byte[] png(byte[]... chunks) {
        return Pictures.png(3, 1, 8, 0, new byte[] {0, 1, 2, 3}, chunks);
    }
}
