package io.acclimate.image;

/** The first chunk of a PNG. */
record PngHeader(int width, int height, int depth, int colour) {
    /** The largest expansion that the deflate format allows. */
    private static final int DEFLATE_LIMIT = 1032;
    /** The largest row in bytes. Two rows are in memory at once. */
    private static final int MAX_STRIDE = 1 << 28;

    private static final int IHDR = 0x49484452;

    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGB_ALPHA = 6;

    static PngHeader parse(byte[] file, ImageLimits limits) throws UnreadableImageException {
        if (!isFirst(file)) {
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
        PngHeader header = new PngHeader(width, height, depth, colour);
        if (header.stride() > MAX_STRIDE) {
            throw UnreadableImageException.tooLarge(
                    "PNG of " + width + "x" + height + " pixels has rows of " + header.stride() + " bytes");
        }
        if ((header.stride() + 1) * height > (long) file.length * DEFLATE_LIMIT) {
            throw UnreadableImageException.undecodable(
                    "PNG of " + file.length + " bytes cannot hold its " + width + "x" + height + " pixels");
        }
        return header;
    }

    int samples() {
        return switch (colour) {
            case RGB -> 3;
            case GREY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /** The number of bytes of a row, without its filter byte. */
    long stride() {
        return ((long) width * samples() * depth + 7) / 8;
    }

    /** The distance in bytes between a sample and the same sample of the pixel on the left, which filters use. */
    int pixelBytes() {
        return Math.max(1, samples() * depth / 8);
    }

    /** Whether the file's first chunk is the header, as the format requires. */
    private static boolean isFirst(byte[] file) {
        return file.length >= 33 && intAt(file, 8) == 13 && intAt(file, 12) == IHDR;
    }

    static int intAt(byte[] file, int at) {
        return (file[at] & 0xff) << 24
                | (file[at + 1] & 0xff) << 16
                | (file[at + 2] & 0xff) << 8
                | (file[at + 3] & 0xff);
    }
}
