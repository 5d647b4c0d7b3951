package io.acclimate.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads PNG files of every colour type and bit depth that are not interlaced, with transparent parts over black. ImageIO's reader
 * builds metadata trees, streams and colour models for each file, which costs several times as much as inflating a small image.
 * This reader keeps one inflater and one buffer and reads each byte once. ImageIO reads interlaced files.
 *
 * <p>Memory: the pixels and a block of rows. One thread.
 */
final class PngReader {
    private static final int PLTE = 0x504c5445;
    private static final int TRNS = 0x74524e53;
    private static final int IDAT = 0x49444154;
    private static final int EXIF = 0x65584966;
    private static final int TEXT = 0x74455874;
    private static final int PACKED_TEXT = 0x7a545874;
    private static final int INTERNATIONAL_TEXT = 0x69545874;
    private static final int IEND = 0x49454e44;
    private static final int SIGNATURE = 8;
    /** More text than this says nothing of a picture's orientation. */
    private static final int MOST_TEXT = 1 << 20;

    private static final int BLOCK = 1 << 16;
    /** A larger block is not kept for the next image. */
    private static final int KEPT = 1 << 20;

    private final Inflater inflater = new Inflater();
    private final CRC32 crc = new CRC32();
    private byte[] block = new byte[0];

    /** Whether a file is interlaced, so that ImageIO must read it. The caller has checked the file's signature. */
    static boolean isInterlaced(byte[] file) {
        return file.length > 28 && file[28] != 0;
    }

    /**
     * The orientation of the EXIF chunk, of EXIF data that ImageMagick and others write as a text in hexadecimal, or of XMP, in this order;
     * 1 if there is none. The chunks may lie before or behind the image data. libpng drops a chunk that it can do without and whose
     * checksum is wrong, and so does this.
     */
    static int orientation(byte[] file) {
        int[] said = new int[3];
        // The first of each kind counts: a file may have thousands, and each may be long when it is unpacked.
        boolean profiled = false;
        boolean described = false;
        for (int at = SIGNATURE; at + 12 <= file.length; ) {
            int length = PngHeader.intAt(file, at);
            int type = PngHeader.intAt(file, at + 4);
            if (length < 0 || length > file.length - at - 12 || type == IEND) {
                break;
            }
            int end = at + 8 + length;
            if (type == EXIF && isWhole(file, at, length)) {
                said[0] = Exif.orientation(file, at + 8, end);
            } else if (!profiled && isKeyed(file, at, end, "Raw profile type exif") && isWhole(file, at, length)) {
                profiled = true;
                said[1] = ofProfile(text(file, at, end));
            } else if (!described && isKeyed(file, at, end, "XML:com.adobe.xmp") && isWhole(file, at, length)) {
                described = true;
                byte[] packet = text(file, at, end);
                said[2] = Exif.ofXmp(packet, 0, packet.length);
            }
            at = end + 4;
        }
        return Arrays.stream(said)
                .filter(each -> each != Exif.NOT_SAID)
                .findFirst()
                .orElse(Exif.UPRIGHT);
    }

    private static boolean isWhole(byte[] file, int at, int length) {
        CRC32 sum = new CRC32();
        sum.update(file, at + 4, length + 4);
        return (int) sum.getValue() == PngHeader.intAt(file, at + 8 + length);
    }

    /** Whether a chunk is a text with this key. */
    private static boolean isKeyed(byte[] file, int at, int end, String key) {
        int type = PngHeader.intAt(file, at + 4);
        if ((type != TEXT && type != PACKED_TEXT && type != INTERNATIONAL_TEXT) || end - at - 8 <= key.length()) {
            return false;
        }
        byte[] wanted = (key + '\0').getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.equals(file, at + 8, at + 8 + wanted.length, wanted, 0, wanted.length);
    }

    /** The text of a chunk, unpacked up to {@link #MOST_TEXT}; as much as can be read of it. */
    private static byte[] text(byte[] file, int at, int end) {
        int type = PngHeader.intAt(file, at + 4);
        int from = behindZero(file, at + 8, end);
        boolean packed = type == PACKED_TEXT;
        if (type == INTERNATIONAL_TEXT) {
            packed = from < end && file[from] == 1;
            // Behind the flag and the method stand a language and the key in that language.
            from = behindZero(file, behindZero(file, Math.min(from + 2, end), end), end);
        } else if (packed) {
            from = Math.min(from + 1, end);
        }
        if (!packed) {
            return Arrays.copyOfRange(file, from, end);
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file, from, end - from);
            byte[] text = new byte[MOST_TEXT];
            return Arrays.copyOf(text, inflater.inflate(text));
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }

    private static int behindZero(byte[] file, int from, int end) {
        int at = from;
        while (at < end && file[at] != 0) {
            at++;
        }
        return Math.min(at + 1, end);
    }

    /** EXIF data in hexadecimal, behind two lines with their name and their length. */
    private static int ofProfile(byte[] text) {
        String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", 4);
        String digits = lines.length < 4 ? "" : lines[3].replaceAll("\\s", "");
        try {
            byte[] exif = HexFormat.of().parseHex(digits);
            return Exif.orientation(exif, 0, exif.length);
        } catch (IllegalArgumentException e) {
            return Exif.NOT_SAID;
        }
    }

    RgbImage read(byte[] file, ImageLimits limits) throws UnreadableImageException {
        PngHeader header = PngHeader.parse(file, limits);
        checkCrc(file, SIGNATURE, 13);
        byte[] palette = new byte[0];
        byte[] transparency = new byte[0];
        int at = SIGNATURE + 25;
        while (typeAt(file, at) != IDAT) {
            int length = lengthAt(file, at);
            int type = typeAt(file, at);
            if (type == PLTE) {
                checkCrc(file, at, length);
                palette = Arrays.copyOfRange(file, at + 8, at + 8 + length);
            } else if (type == TRNS) {
                transparency = Arrays.copyOfRange(file, at + 8, at + 8 + length);
            } else if (type == IEND) {
                throw UnreadableImageException.undecodable("PNG has no image data");
            }
            at += 12 + length;
        }
        PngRows rows = new PngRows(header, palette, transparency);
        inflater.reset();
        try {
            inflate(file, at, header, rows);
        } catch (DataFormatException e) {
            throw UnreadableImageException.undecodable("PNG image data are corrupt: " + e.getMessage());
        } finally {
            block = block.length > KEPT ? new byte[0] : block;
        }
        return rows.image();
    }

    private void inflate(byte[] file, int firstData, PngHeader header, PngRows rows)
            throws UnreadableImageException, DataFormatException {
        int slot = (int) header.stride() + 1;
        int blockRows = Math.max(1, Math.min(header.height(), BLOCK / slot));
        int needed = (blockRows + 1) * slot;
        if (block.length < needed) {
            block = new byte[needed];
        }
        Arrays.fill(block, 0, slot, (byte) 0);
        int at = firstData;
        for (int y = 0; y < header.height(); ) {
            int count = Math.min(blockRows, header.height() - y);
            int filled = 0;
            while (filled < count * slot) {
                if (inflater.needsInput()) {
                    if (typeAt(file, at) != IDAT) {
                        throw UnreadableImageException.undecodable("PNG image data end in row " + (y + filled / slot));
                    }
                    int length = lengthAt(file, at);
                    checkCrc(file, at, length);
                    inflater.setInput(file, at + 8, length);
                    at += 12 + length;
                    continue;
                }
                int got = inflater.inflate(block, slot + filled, count * slot - filled);
                filled += got;
                if (got == 0 && (inflater.finished() || inflater.needsDictionary())) {
                    throw UnreadableImageException.undecodable("PNG image data end in row " + (y + filled / slot));
                }
            }
            for (int i = 1; i <= count; i++, y++) {
                unfilter(i * slot, slot, header.pixelBytes());
                rows.emit(block, i * slot + 1, y);
            }
            System.arraycopy(block, count * slot, block, 0, slot);
        }
    }

    /** Undoes the filter of the row at {@code at}. The row above it is {@code slot} bytes before. */
    private void unfilter(int at, int slot, int pixel) throws UnreadableImageException {
        byte[] b = block;
        int start = at + 1;
        int end = at + slot;
        switch (b[at]) {
            case 0 -> {}
            case 1 -> {
                for (int i = start + pixel; i < end; i++) {
                    b[i] += b[i - pixel];
                }
            }
            case 2 -> {
                for (int i = start; i < end; i++) {
                    b[i] += b[i - slot];
                }
            }
            case 3 -> {
                for (int i = start; i < end; i++) {
                    int left = i - pixel < start ? 0 : b[i - pixel] & 0xff;
                    b[i] += (byte) ((left + (b[i - slot] & 0xff)) >> 1);
                }
            }
            case 4 -> {
                for (int i = start; i < end; i++) {
                    boolean first = i - pixel < start;
                    int left = first ? 0 : b[i - pixel] & 0xff;
                    int corner = first ? 0 : b[i - pixel - slot] & 0xff;
                    b[i] += (byte) paeth(left, b[i - slot] & 0xff, corner);
                }
            }
            default -> throw UnreadableImageException.undecodable("PNG row has the unknown filter " + b[at]);
        }
    }

    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }

    private void checkCrc(byte[] file, int at, int length) throws UnreadableImageException {
        crc.reset();
        crc.update(file, at + 4, length + 4);
        if ((int) crc.getValue() != PngHeader.intAt(file, at + 8 + length)) {
            throw UnreadableImageException.undecodable("PNG chunk at byte " + at + " has a wrong checksum");
        }
    }

    /** The type of the chunk at {@code at}, after checking that the file has all of the chunk. */
    private static int typeAt(byte[] file, int at) throws UnreadableImageException {
        lengthAt(file, at);
        return PngHeader.intAt(file, at + 4);
    }

    private static int lengthAt(byte[] file, int at) throws UnreadableImageException {
        if (at + 12 > file.length) {
            throw UnreadableImageException.undecodable("PNG is cut off after " + file.length + " bytes");
        }
        int length = PngHeader.intAt(file, at);
        if (length < 0 || length > file.length - at - 12) {
            throw UnreadableImageException.undecodable("PNG is cut off after " + file.length + " bytes");
        }
        return length;
    }
}
