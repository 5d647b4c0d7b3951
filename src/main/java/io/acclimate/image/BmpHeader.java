package io.acclimate.image;

/**
 * Checks a BMP's header before ImageIO reads the file. A header may embed another image file, whose size no limit here has checked,
 * name a colour profile by its path, or claim palettes and data of gigabytes. Such files are refused. Two sizes that only repeat what
 * follows from the rest are often zero or wrong, and ImageIO goes by them, so that it gets the right ones.
 */
final class BmpHeader {
    private static final int CORE = 12;
    private static final int INFO = 40;
    private static final int V4 = 108;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;
    private static final int LINKED_PROFILE = 0x4c494e4b;
    private static final int MAX_COLOURS = 1 << 16;

    private BmpHeader() {}

    /** The file as ImageIO reads it. */
    static byte[] checked(byte[] file) throws UnreadableImageException {
        if (file.length < 26) {
            throw UnreadableImageException.undecodable("BMP is cut off after " + file.length + " bytes");
        }
        int header = intAt(file, 14);
        if (header == CORE) {
            return withSizes(file, false);
        }
        if (header < INFO || header > file.length - 14) {
            throw UnreadableImageException.undecodable("BMP has a header of " + header + " bytes");
        }
        int compression = intAt(file, 30);
        if (compression < 0 || compression > BIT_FIELDS) {
            throw UnreadableImageException.undecodable("BMP has the unsupported compression " + compression);
        }
        claim("pixel data", intAt(file, 34), file.length);
        claim("an offset", intAt(file, 10), file.length);
        claim("a palette", intAt(file, 46), MAX_COLOURS);
        if (header >= V4 && intAt(file, 70) == LINKED_PROFILE) {
            throw UnreadableImageException.undecodable("BMP names a colour profile outside itself");
        }
        if (header > V4) {
            claim("a profile", intAt(file, 130), file.length);
        }
        boolean packed = compression == RLE8 || compression == RLE4;
        return withSizes(file, !packed || intAt(file, 34) == 0);
    }

    /** @param data whether the size of the pixel data is to be corrected, too */
    private static byte[] withSizes(byte[] file, boolean data) {
        int rest = file.length - intAt(file, 10);
        if (intAt(file, 2) == file.length && (!data || intAt(file, 34) == rest)) {
            return file;
        }
        byte[] copy = file.clone();
        put(copy, 2, file.length);
        if (data) {
            put(copy, 34, rest);
        }
        return copy;
    }

    private static void put(byte[] file, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            file[at + i] = (byte) (value >> (8 * i));
        }
    }

    private static void claim(String what, int claimed, int most) throws UnreadableImageException {
        if (claimed < 0 || claimed > most) {
            throw UnreadableImageException.undecodable("BMP claims " + what + " of " + Integer.toUnsignedString(claimed)
                    + ", at most " + most + " can be");
        }
    }

    private static int intAt(byte[] file, int at) {
        return Integer.reverseBytes(PngHeader.intAt(file, at));
    }
}
