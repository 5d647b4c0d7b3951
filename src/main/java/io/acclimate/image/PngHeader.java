package io.acclimate.image;

/** What a PNG's first chunk says. */
record PngHeader(int width, int height, int depth, int colour) {
    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGB_ALPHA = 6;

    static PngHeader parse(byte[] file, ImageLimits limits) throws UnreadableImageException {
        if (!PngReader.startsWithHeader(file)) {
            throw UnreadableImageException.undecodable("PNG of " + file.length + " bytes has no header");
        }
        int width = intAt(file, 16);
        int height = intAt(file, 20);
        limits.checkSize(ImageFormat.PNG, width, height);
        int depth = file[24] & 0xff;
        int colour = file[25] & 0xff;
        boolean valid =
                switch (colour) {
                    case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
                    case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
                    case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
                    default -> false;
                };
        if (!valid || file[26] != 0 || file[27] != 0 || file[28] < 0 || file[28] > 1) {
            throw UnreadableImageException.undecodable(
                    "PNG has no such form: colour type " + colour + ", depth " + depth);
        }
        return new PngHeader(width, height, depth, colour);
    }

    int samples() {
        return switch (colour) {
            case RGB -> 3;
            case GREY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /** Bytes of a row without its filter byte. The limits keep it an int: 500 megapixels of 8 bytes do not, so it is exact. */
    int stride() {
        return Math.toIntExact(((long) width * samples() * depth + 7) / 8);
    }

    /** How far the filters look to the left. */
    int pixelBytes() {
        return Math.max(1, samples() * depth / 8);
    }

    long rawBytes() {
        return (stride() + 1L) * height;
    }

    static int intAt(byte[] file, int at) {
        return (file[at] & 0xff) << 24
                | (file[at + 1] & 0xff) << 16
                | (file[at + 2] & 0xff) << 8
                | (file[at + 3] & 0xff);
    }
}
