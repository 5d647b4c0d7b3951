package io.acclimate.image;

import java.util.Arrays;

/**
 * Extracts the first frame of a GIF as a file of its own. ImageIO reads an animation to its end, and for each block of a comment it
 * copies all blocks before it, so that a comment of 8 MiB takes hours. This class reads each byte once.
 */
final class GifFrame {
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int IMAGE = 0x2c;
    private static final int TRAILER = 0x3b;
    private static final int SCREEN = 13;
    private static final int DESCRIPTOR = 10;

    private GifFrame() {}

    static byte[] first(byte[] file) throws UnreadableImageException {
        require(file, SCREEN);
        int screenEnd = SCREEN + paletteBytes(file[10]);
        int control = -1;
        int at = screenEnd;
        require(file, at + 1);
        while ((file[at] & 0xff) == EXTENSION) {
            require(file, at + 3);
            if ((file[at + 1] & 0xff) == GRAPHIC_CONTROL && file[at + 2] == 4) {
                control = at;
            }
            at = blocksEnd(file, at + 2);
            require(file, at + 1);
        }
        if ((file[at] & 0xff) != IMAGE) {
            throw UnreadableImageException.undecodable("GIF has no frame");
        }
        require(file, at + DESCRIPTOR);
        int end = blocksEnd(file, at + DESCRIPTOR + paletteBytes(file[at + 9]) + 1);
        int controlBytes = control < 0 ? 0 : 8;
        require(file, control + controlBytes);
        byte[] frame = Arrays.copyOf(file, screenEnd + controlBytes + end - at + 1);
        System.arraycopy(file, Math.max(0, control), frame, screenEnd, controlBytes);
        System.arraycopy(file, at, frame, screenEnd + controlBytes, end - at);
        frame[frame.length - 1] = TRAILER;
        return frame;
    }

    /** The bytes of the palette that the flags of a screen or a frame announce. */
    static int paletteBytes(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 6 << (flags & 7);
    }

    /** Returns the position after the sub-blocks that start at {@code at}. */
    private static int blocksEnd(byte[] file, int at) throws UnreadableImageException {
        require(file, at + 1);
        while (file[at] != 0) {
            at += 1 + (file[at] & 0xff);
            require(file, at + 1);
        }
        return at + 1;
    }

    private static void require(byte[] file, int length) throws UnreadableImageException {
        if (file.length < length) {
            throw UnreadableImageException.undecodable("GIF is cut off after " + file.length + " bytes");
        }
    }
}
