package io.acclimate.image;

/**
 * Reads the orientation from EXIF data, which are a small TIFF file: a byte order, and a directory anywhere behind it. TIFF asks
 * readers to take an integer of any width, so a value of one, two or four bytes is read.
 */
final class Exif {
    /** The picture is upright as it is stored. */
    static final int UPRIGHT = 1;

    private static final int ORIENTATION_TAG = 0x0112;
    private static final int ENTRY = 12;

    private final byte[] file;
    private final int start;
    private final int end;
    private final boolean bigEndian;

    private Exif(byte[] file, int start, int end, boolean bigEndian) {
        this.file = file;
        this.start = start;
        this.end = end;
        this.bigEndian = bigEndian;
    }

    /** Returns the orientation, 1 to 8, of the EXIF data between two positions. Data that cannot be read say nothing: upright. */
    static int orientation(byte[] file, int start, int end) {
        if (start + 8 > end) {
            return UPRIGHT;
        }
        boolean motorola = file[start] == 'M' && file[start + 1] == 'M';
        boolean intel = file[start] == 'I' && file[start + 1] == 'I';
        if (!motorola && !intel) {
            return UPRIGHT;
        }
        long value = new Exif(file, start, end, motorola).firstDirectory();
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
    }

    private long firstDirectory() {
        long first = number(start + 4, 4);
        if (number(start + 2, 2) != 42 || first < 8 || start + first + 2 > end) {
            return UPRIGHT;
        }
        int directory = start + (int) first;
        long entries = number(directory, 2);
        for (int i = 0, at = directory + 2; i < entries && at + ENTRY <= end; i++, at += ENTRY) {
            if (number(at, 2) == ORIENTATION_TAG) {
                return number(at + 4, 4) == 1 ? number(at + 8, width((int) number(at + 2, 2))) : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** The bytes of one value of a TIFF type. A value stands at the beginning of its field of four bytes, in both byte orders. */
    private static int width(int type) {
        return switch (type) {
            case 1, 6 -> 1;
            case 3, 8 -> 2;
            case 4, 9 -> 4;
            default -> 0;
        };
    }

    private long number(int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | (file[bigEndian ? at + i : at + bytes - 1 - i] & 0xff);
        }
        return value;
    }
}
