package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A GIF by hand: screen without a palette, one frame with one block of pixels. */
class GifFrameTest {
    private static final byte[] SCREEN = {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0};
    private static final byte[] FRAME = {0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0};
    private static final byte[] CONTROL = {0x21, (byte) 0xf9, 4, 1, 0, 0, 7, 0};
    private static final byte[] COMMENT = {0x21, (byte) 0xfe, 2, 'h', 'i', 3, 'y', 'o', 'u', 0};
    private static final byte[] END = {0x3b};

    @Test
    void aFileOfOneFrameIsItself() throws UnreadableImageException {
        byte[] file = concat(SCREEN, FRAME, END);

        assertThat(GifFrame.first(file)).isEqualTo(file);
    }

    @Test
    void commentsAndLaterFramesAreLeftOut() throws UnreadableImageException {
        byte[] file = concat(SCREEN, COMMENT, FRAME, COMMENT, FRAME, FRAME, END);

        assertThat(GifFrame.first(file)).isEqualTo(concat(SCREEN, FRAME, END));
    }

    @Test
    void theControlThatNamesTheTransparentColourStaysWithItsFrame() throws UnreadableImageException {
        byte[] file = concat(SCREEN, COMMENT, CONTROL, COMMENT, FRAME, END);

        assertThat(GifFrame.first(file)).isEqualTo(concat(SCREEN, CONTROL, FRAME, END));
    }

    @Test
    void palettesOfTheScreenAndOfTheFrameAreKept() throws UnreadableImageException {
        byte[] screen = SCREEN.clone();
        screen[10] = (byte) 0x81;
        byte[] frame = FRAME.clone();
        frame[9] = (byte) 0x80;
        byte[] own = new byte[6];
        Arrays.fill(own, (byte) 9);
        byte[] file =
                concat(screen, new byte[12], Arrays.copyOf(frame, 10), own, Arrays.copyOfRange(frame, 10, 15), END);

        assertThat(GifFrame.first(file)).isEqualTo(file);
    }

    @Test
    void aFileWithoutAFrameIsRefused() {
        assertThatThrownBy(() -> GifFrame.first(concat(SCREEN, COMMENT, END)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessage("GIF has no frame");
    }

    @Property(tries = 60)
    void everyTruncationInsideOfTheFrameIsRefused(@ForAll @IntRange(max = 40) int length) {
        byte[] whole = concat(SCREEN, COMMENT, CONTROL, FRAME);
        byte[] cut = Arrays.copyOf(whole, Math.min(length, whole.length - 1));

        assertThatThrownBy(() -> GifFrame.first(cut))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessage("GIF is cut off after " + cut.length + " bytes");
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
