package io.acclimate.image;

import io.acclimate.core.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The first picture of a JPEG file, taken apart by its markers in the way that libjpeg does it. Bytes that belong to no segment are
 * skipped, and nothing behind the picture's end marker is looked at: telephones append films there, and cameras further pictures.
 *
 * @param orientation EXIF orientation, 1 to 8, or XMP's where EXIF has none; 1 if the file has neither
 * @param colour what the stored components mean
 * @param scans number of scans
 * @param ended whether the picture's end marker was found
 * @param oneScan whether a single scan holds all of the picture
 * @param arithmetic whether the data are arithmetic coded, which not every libjpeg can read
 * @param halved a bit for each component that is stored with half of the rows and all of the columns, the first component's lowest
 * @param bare the picture without application segments, comments and padding, and with an end marker. The decoder that gets it sees
 *     no damaged colour profile and no thumbnail
 */
record Jpeg(
        int orientation,
        JpegColour colour,
        int scans,
        boolean ended,
        boolean oneScan,
        boolean arithmetic,
        int halved,
        Bytes bare) {
    private static final int START = 0xd8;
    private static final int END = 0xd9;
    private static final int SCAN = 0xda;

    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    static Jpeg parse(byte[] file) {
        return new Walk(file).walk();
    }

    /** Walks over the markers of one file once. */
    private static final class Walk {
        private final byte[] file;
        private final byte[] bare;
        private int size = 2;
        private int at = 2;
        private boolean exif;
        private int orientation = Exif.NOT_SAID;
        private int xmp = Exif.NOT_SAID;
        private boolean jfif;
        private int adobe = JpegColour.NO_ADOBE;
        private int components;
        private int ids;
        private boolean arithmetic;
        private int halved;
        private boolean progressive;
        private int scans;
        private int scanned;

        Walk(byte[] file) {
            this.file = file;
            this.bare = Arrays.copyOf(file, file.length + 2);
        }

        Jpeg walk() {
            boolean ended = false;
            while (toMarker()) {
                int marker = file[at + 1] & 0xff;
                if (marker == START || marker == END) {
                    ended = marker == END;
                    break;
                }
                if (isAlone(marker)) {
                    at += 2;
                } else if (!segment(marker)) {
                    break;
                }
            }
            if (!ended) {
                dropPadding();
            }
            bare[size] = (byte) 0xff;
            bare[size + 1] = (byte) END;
            return new Jpeg(
                    orientation != Exif.NOT_SAID ? orientation : xmp != Exif.NOT_SAID ? xmp : Exif.UPRIGHT,
                    JpegColour.of(components, ids, jfif, adobe),
                    scans,
                    ended,
                    scans == 1 && scanned == components && !progressive,
                    arithmetic,
                    halved,
                    Bytes.wrap(Arrays.copyOf(bare, size + 2)));
        }

        /** Moves to the next marker. The answer is whether there is one. */
        private boolean toMarker() {
            for (; at + 1 < file.length; at++) {
                int code = file[at + 1] & 0xff;
                if ((file[at] & 0xff) == 0xff && code != 0 && code != 0xff) {
                    return true;
                }
            }
            return false;
        }

        /** Reads a segment and moves behind it. The answer is whether the file has all of it. */
        private boolean segment(int marker) {
            if (at + 4 > file.length) {
                return false;
            }
            int end = at + 2 + word(at + 2);
            if (end < at + 4 || end > file.length) {
                return false;
            }
            int body = at + 4;
            if (marker >= 0xe0 && marker <= 0xef) {
                application(marker, body, end);
                at = end;
                return true;
            }
            if (marker == 0xfe) {
                at = end;
                return true;
            }
            if (isFrame(marker)) {
                frame(marker, body, end);
            } else if (marker == SCAN) {
                scans++;
                scanned = body < end ? file[body] & 0xff : 0;
                end = dataEnd(end);
            }
            System.arraycopy(file, at, bare, size, end - at);
            size += end - at;
            at = end;
            return true;
        }

        private void application(int marker, int body, int end) {
            if (marker == 0xe0 && end - body >= 14 && startsWith(body, "JFIF\0")) {
                jfif = true;
            } else if (marker == 0xe1 && !exif && end - body >= 6 && startsWith(body, "Exif\0")) {
                exif = true;
                orientation = Exif.orientation(file, body + 6, end);
            } else if (marker == 0xe1 && end - body >= XMP.length() && startsWith(body, XMP)) {
                xmp = Exif.ofXmp(file, body + XMP.length(), end);
            } else if (marker == 0xee && end - body >= 12 && startsWith(body, "Adobe")) {
                adobe = file[body + 11] & 0xff;
            }
        }

        private void frame(int marker, int body, int end) {
            if (end - body < 6) {
                return;
            }
            progressive = (marker & 3) == 2;
            arithmetic = marker > 0xc8;
            components = file[body + 5] & 0xff;
            ids = 0;
            for (int i = 0; i < 3 && body + 6 + 3 * i < end; i++) {
                ids = ids << 8 | (file[body + 6 + 3 * i] & 0xff);
            }
            halved = halved(body + 7, Math.min(body + 6 + 3 * components, end));
        }

        /** Components that have the most columns of all and half of the most rows, by their factors: a nibble for each direction. */
        private int halved(int from, int end) {
            int across = 0;
            int down = 0;
            for (int i = from; i < end; i += 3) {
                across = Math.max(across, file[i] >> 4 & 0xf);
                down = Math.max(down, file[i] & 0xf);
            }
            int found = 0;
            for (int i = from, bit = 1; i < end; i += 3, bit <<= 1) {
                found |= (file[i] >> 4 & 0xf) == across && 2 * (file[i] & 0xf) == down ? bit : 0;
            }
            return found;
        }

        /** Entropy-coded data end at a marker that is none of those that restart the decoder, of which the data may have many. */
        private int dataEnd(int start) {
            for (int i = maybeMarker(start); i + 1 < file.length; i = maybeMarker(i + 1)) {
                if (file[i] == (byte) 0xff) {
                    int code = file[i + 1] & 0xff;
                    if (code != 0 && code != 0xff && !isAlone(code)) {
                        return i;
                    }
                }
            }
            return file.length;
        }

        /** Skips eight bytes at once of which none is 0xff. These are nearly all: data are most of a file. */
        private int maybeMarker(int from) {
            int i = from;
            while (i + Long.BYTES <= file.length) {
                long inverse = ~(long) EIGHT_BYTES.get(file, i);
                if (((inverse - LOW_BITS) & ~inverse & HIGH_BITS) != 0) {
                    break;
                }
                i += Long.BYTES;
            }
            return i;
        }

        /**
         * Where the end marker is lost, bytes of one value may stand in for it, or for a part of the picture. Two of them are left,
         * since the data themselves may end with them. With more of them the decoder could not tell that a part is missing.
         */
        private void dropPadding() {
            int data = size;
            while (data > 2 && (bare[data - 1] == 0 || bare[data - 1] == (byte) 0xff)) {
                data--;
            }
            size = Math.min(size, data + 2);
        }

        /** Whether a marker has no segment. */
        private static boolean isAlone(int marker) {
            return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7);
        }

        /** Whether a marker starts a frame, of any coding. The markers c4, c8 and cc are tables. */
        private static boolean isFrame(int marker) {
            return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        }

        private int word(int from) {
            return (file[from] & 0xff) << 8 | (file[from + 1] & 0xff);
        }

        private boolean startsWith(int from, String text) {
            for (int i = 0; i < text.length(); i++) {
                if (file[from + i] != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
