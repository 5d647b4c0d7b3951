package io.acclimate.image;

/**
 * Facts about a JPEG that ImageIO does not give.
 *
 * @param orientation EXIF orientation, 1 to 8; 1 if the file has none
 * @param adobeTransform colour transform of Adobe's segment, or {@link #NO_ADOBE}
 * @param components components of the frame, 0 if no frame was found
 * @param scans number of scans
 * @param whole whether the end marker was found after the first scan began
 */
record Jpeg(int orientation, int adobeTransform, int components, int scans, boolean whole) {
    /** The file has no Adobe segment. Four components are then plain CMYK. */
    static final int NO_ADOBE = -1;

    private static final int ORIENTATION_TAG = 0x0112;

    static Jpeg parse(byte[] file) {
        int orientation = 1;
        int adobe = NO_ADOBE;
        int components = 0;
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
            int marker = file[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            int length = word(file, at + 2, true);
            int body = at + 4;
            if (marker == 0xda || length < 2 || at + 2 + length > file.length) {
                break;
            }
            if (marker == 0xe1 && length >= 16 && ascii(file, body, "Exif\0\0")) {
                orientation = orientation(file, body + 6, at + 2 + length);
            } else if (marker == 0xee && length >= 14 && ascii(file, body, "Adobe")) {
                adobe = file[body + 11] & 0xff;
            } else if (isFrame(marker) && length >= 8) {
                components = file[body + 5] & 0xff;
            }
            at += 2 + length;
        }
        return new Jpeg(orientation, adobe, components, scans(file, at), endsAfter(file, at));
    }

    /** Counts markers. Entropy-coded data never contains a scan's marker, and a table between scans hardly ever does. */
    private static int scans(byte[] file, int start) {
        int scans = 0;
        for (int i = start; i + 1 < file.length; i++) {
            if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == 0xda) {
                scans++;
            }
        }
        return scans;
    }

    /** Whether a marker starts a frame, of any coding. The markers c4, c8 and cc are tables. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Entropy-coded data never contains the end marker, so an end marker after the scans began means that they are complete. */
    private static boolean endsAfter(byte[] file, int start) {
        for (int i = file.length - 2; i >= start; i--) {
            if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == 0xd9) {
                return true;
            }
        }
        return false;
    }

    private static int orientation(byte[] file, int tiff, int end) {
        if (tiff + 8 > end) {
            return 1;
        }
        boolean bigEndian = file[tiff] == 'M';
        long first = (long) word(file, tiff + (bigEndian ? 4 : 6), bigEndian) << 16
                | word(file, tiff + (bigEndian ? 6 : 4), bigEndian);
        if (first < 8 || tiff + first + 2 > end) {
            return 1;
        }
        int directory = tiff + (int) first;
        int entries = word(file, directory, bigEndian);
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if (entry + 12 > end) {
                return 1;
            }
            if (word(file, entry, bigEndian) == ORIENTATION_TAG) {
                int value = word(file, entry + 8, bigEndian);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }

    private static int word(byte[] file, int at, boolean bigEndian) {
        int first = file[at] & 0xff;
        int second = file[at + 1] & 0xff;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    private static boolean ascii(byte[] file, int at, String text) {
        if (at + text.length() > file.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (file[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
