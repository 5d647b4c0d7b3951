package io.acclimate.image;

import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bitmaps made by hand, of one row of two pixels. */
class BmpTest {
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    /** 32 bits without masks, whose fourth byte has no meaning and is 0 in most files. */
    private static byte[] plain() {
        return bmp(40, 32, 0, 0, 0, 0, 0, new int[] {0x00c86432, 0x000a1eff});
    }

    private static byte[] withOpacity() {
        return bmp(108, 32, 3, 0xff0000, 0xff00, 0xff, 0xff000000, new int[] {0x80c86432, 0xff0a1eff});
    }

    private static byte[] withMasksTurnedRound() {
        return bmp(108, 32, 3, 0xff, 0xff00, 0xff0000, 0, new int[] {0x003264c8, 0x00ff1e0a});
    }

    @Test
    void whatAFileDecodesToDoesNotDependOnTheFilesBefore() {
        List<byte[]> files = List.of(plain(), withOpacity(), withMasksTurnedRound());
        List<RgbImage> alone = files.stream()
                .map(file -> value(new ImageDecoder(ImageLimits.defaults()).toPixels(payload(file))))
                .toList();
        assertThat(rgb(alone.get(0))).containsExactly(200, 100, 50, 10, 30, 255);
        assertThat(rgb(alone.get(1))).containsExactly(100, 50, 25, 10, 30, 255);
        assertThat(rgb(alone.get(2))).containsExactly(200, 100, 50, 10, 30, 255);

        for (int first = 0; first < files.size(); first++) {
            for (int second = 0; second < files.size(); second++) {
                decoder.toPixels(payload(files.get(first)));
                assertThat(value(decoder.toPixels(payload(files.get(second)))))
                        .as("file %d behind file %d", second, first)
                        .isEqualTo(alone.get(second));
            }
        }
    }

    @Test
    void coloursOfFiveAndSixBitsAreRoundedAsPillowRoundsThem() {
        int pixels = (4 << 11 | 20 << 5 | 27) | (25 << 11 | 50 << 5 | 1) << 16;
        byte[] sixBits = bmp(108, 16, 3, 0xf800, 0x7e0, 0x1f, 0, new int[] {pixels});
        int fewer = (4 << 10 | 20 << 5 | 27) | (25 << 10 | 11 << 5 | 1) << 16;
        byte[] fiveBits = bmp(40, 16, 0, 0, 0, 0, 0, new int[] {fewer});

        assertThat(rgb(value(decoder.toPixels(payload(sixBits))))).containsExactly(32, 80, 222, 205, 202, 8);
        assertThat(rgb(value(decoder.toPixels(payload(fiveBits))))).containsExactly(32, 164, 222, 205, 90, 8);
    }

    private static List<Integer> rgb(RgbImage image) {
        List<Integer> values = new ArrayList<>();
        for (byte each : image.rgb()) {
            values.add(each & 0xff);
        }
        return values;
    }

    /** @param row the only row, four bytes each */
    private static byte[] bmp(
            int header, int bits, int compression, int red, int green, int blue, int alpha, int[] row) {
        int offset = 14 + header;
        ByteBuffer out = ByteBuffer.allocate(offset + 4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'B').put((byte) 'M').putInt(out.capacity()).putInt(0).putInt(offset);
        out.putInt(header).putInt(2).putInt(1).putShort((short) 1).putShort((short) bits);
        out.putInt(compression).putInt(4 * row.length);
        if (header > 40) {
            out.position(14 + 40);
            out.putInt(red).putInt(green).putInt(blue).putInt(alpha);
        }
        out.position(offset);
        for (int each : row) {
            out.putInt(each);
        }
        return out.array();
    }
}
