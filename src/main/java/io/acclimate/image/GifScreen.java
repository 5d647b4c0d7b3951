package io.acclimate.image;

/**
 * The screen of a GIF, which its first frame may cover in part only. What is around the frame is transparent if the frame has a transparent
 * colour. If it has none, that is the first colour of its palette, as Pillow fills it. A frame that reaches beyond the screen makes it larger.
 *
 * @param around red, green and blue of what the frame leaves free
 */
record GifScreen(int width, int height, int left, int top, int around) {
    private static final int SCREEN = 13;
    private static final int CONTROL = 8;
    private static final int EXTENSION = 0x21;
    private static final int HAS_PALETTE = 0x80;

    /** @param file of one frame, as {@link GifFrame#first} makes it */
    static GifScreen of(byte[] file) {
        int at = SCREEN + GifFrame.paletteBytes(file[10]);
        boolean transparent = false;
        if (file[at] == EXTENSION) {
            transparent = (file[at + 3] & 1) != 0;
            at += CONTROL;
        }
        int left = word(file, at + 1);
        int top = word(file, at + 3);
        int around = 0;
        if (!transparent && (file[at + 9] & HAS_PALETTE) != 0) {
            around = colour(file, at + 10);
        } else if (!transparent && (file[10] & HAS_PALETTE) != 0) {
            around = colour(file, SCREEN);
        }
        return new GifScreen(
                Math.max(word(file, 6), left + word(file, at + 5)),
                Math.max(word(file, 8), top + word(file, at + 7)),
                left,
                top,
                around);
    }

    /** The screen with the picture of its frame. */
    RgbImage with(RgbImage frame) {
        if (frame.width() == width && frame.height() == height) {
            return frame;
        }
        byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        if (around != 0) {
            for (int i = 0; i < out.length; i += 3) {
                out[i] = (byte) (around >> 16);
                out[i + 1] = (byte) (around >> 8);
                out[i + 2] = (byte) around;
            }
        }
        byte[] rgb = frame.rgb();
        int row = 3 * frame.width();
        for (int y = 0; y < frame.height(); y++) {
            System.arraycopy(rgb, y * row, out, 3 * ((top + y) * width + left), row);
        }
        return RgbImage.wrap(width, height, out);
    }

    private static int colour(byte[] file, int at) {
        return (file[at] & 0xff) << 16 | (file[at + 1] & 0xff) << 8 | (file[at + 2] & 0xff);
    }

    private static int word(byte[] file, int at) {
        return (file[at] & 0xff) | (file[at + 1] & 0xff) << 8;
    }
}
