package io.acclimate.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the orientation from EXIF data, which are a small TIFF file: a byte order, and a directory anywhere behind it. TIFF asks
 * readers to take an integer of any width, so a value of one, two or four bytes is read. As in Pillow, of several values the first
 * counts, of several entries the last, names that JPEG puts before the data are skipped wherever they stand, and where EXIF data have no
 * orientation that of an XMP packet counts.
 */
final class Exif {
    /** The picture is upright as it is stored. */
    static final int UPRIGHT = 1;

    /** Nothing says how the picture stands. */
    static final int NOT_SAID = 0;

    /** The orientation as an attribute or as an element of XMP. */
    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private static final int ORIENTATION_TAG = 0x0112;
    private static final int ENTRY = 12;

    /** What JPEG puts before the data. Some programs write it into a PNG's chunk, or twice. */
    private static final byte[] NAME = {'E', 'x', 'i', 'f', 0, 0};

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

    /**
     * Returns the orientation, 1 to 8, of the EXIF data between two positions, or {@link #NOT_SAID}. A value that is none is taken for
     * upright.
     */
    static int orientation(byte[] file, int from, int end) {
        int start = from;
        while (start + NAME.length <= end && Arrays.equals(file, start, start + NAME.length, NAME, 0, NAME.length)) {
            start += NAME.length;
        }
        if (start + 8 > end) {
            return NOT_SAID;
        }
        boolean motorola = file[start] == 'M' && file[start + 1] == 'M';
        boolean intel = file[start] == 'I' && file[start + 1] == 'I';
        if (!motorola && !intel) {
            return NOT_SAID;
        }
        return new Exif(file, start, end, motorola).firstDirectory();
    }

    /** Returns the orientation, 1 to 8, of the XMP packet between two positions, or {@link #NOT_SAID}. */
    static int ofXmp(byte[] file, int start, int end) {
        Matcher found = XMP.matcher(new String(file, start, end - start, StandardCharsets.ISO_8859_1));
        return found.find() ? legal(found.group(1).charAt(0) - '0') : NOT_SAID;
    }

    private static int legal(long value) {
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
    }

    private int firstDirectory() {
        long first = number(start + 4, 4);
        if (number(start + 2, 2) != 42 || first < 8 || start + first + 2 > end) {
            return NOT_SAID;
        }
        int directory = start + (int) first;
        long entries = number(directory, 2);
        int found = NOT_SAID;
        for (int i = 0, at = directory + 2; i < entries && at + ENTRY <= end; i++, at += ENTRY) {
            if (number(at, 2) == ORIENTATION_TAG) {
                found = legal(firstValue(at));
            }
        }
        return found;
    }

    /** The first value of an entry, or 0 if it has none. Values that do not fit the entry's last four bytes lie where these point to. */
    private long firstValue(int entry) {
        int width = width((int) number(entry + 2, 2));
        long count = number(entry + 4, 4);
        if (count == 0) {
            return 0;
        }
        long at = count * width <= 4 ? entry + 8 : start + number(entry + 8, 4);
        return at + width <= end ? number((int) at, width) : 0;
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
