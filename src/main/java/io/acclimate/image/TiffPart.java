package io.acclimate.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Counts what a strip or tile of a TIFF unpacks to. ImageIO leaves black whatever is missing and says nothing, so a file that was cut
 * off in the middle of a strip would pass for a picture.
 */
final class TiffPart {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST_FREE = 258;
    private static final int CODES = 4096;

    private TiffPart() {}

    /** Whether {@code length} bytes at {@code at} unpack to {@code needed} bytes or more. Fax codings are not counted: yes. */
    static boolean holds(int compression, byte[] file, int at, int length, long needed) {
        return switch (compression) {
            case 1 -> length >= needed;
            case 5 -> lzw(file, at, length, needed) >= needed;
            case 8, 32946 -> deflate(file, at, length, needed) >= needed;
            case 32773 -> packBits(file, at, length) >= needed;
            default -> true;
        };
    }

    private static long deflate(byte[] file, int at, int length, long needed) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file, at, length);
            byte[] block = new byte[1 << 14];
            long count = 0;
            while (count < needed) {
                int got = inflater.inflate(block);
                if (got == 0) {
                    break;
                }
                count += got;
            }
            return count;
        } catch (DataFormatException e) {
            return 0;
        } finally {
            inflater.end();
        }
    }

    private static long packBits(byte[] file, int at, int length) {
        long count = 0;
        int end = at + length;
        while (at < end) {
            int control = file[at++];
            if (control >= 0) {
                int literal = Math.min(control + 1, end - at);
                count += literal;
                at += literal;
            } else if (control != -128 && at < end) {
                count += 1 - control;
                at++;
            }
        }
        return count;
    }

    /** Codes grow from 9 to 12 bits, one code earlier than they must, as TIFF has it. Each new code is its forerunner and a byte. */
    private static long lzw(byte[] file, int at, int length, long needed) {
        int[] lengths = new int[CODES];
        int next = FIRST_FREE;
        int width = 9;
        int before = 0;
        long count = 0;
        long bits = 8L * length;
        for (long bit = 0; bit + width <= bits && count < needed; ) {
            int code = code(file, at, bit, width);
            bit += width;
            if (code == END) {
                break;
            }
            if (code == CLEAR) {
                next = FIRST_FREE;
                width = 9;
                before = 0;
                continue;
            }
            if (code > next || (code == next && before == 0)) {
                return 0;
            }
            int size = code < CLEAR ? 1 : code == next ? before + 1 : lengths[code];
            count += size;
            if (before > 0 && next < CODES) {
                lengths[next++] = before + 1;
                width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
            }
            before = size;
        }
        return count;
    }

    private static int code(byte[] file, int at, long bit, int width) {
        int from = at + (int) (bit >> 3);
        int three = 0;
        for (int i = 0; i < 3; i++) {
            three = three << 8 | (from + i < file.length ? file[from + i] & 0xff : 0);
        }
        return three >> (24 - (int) (bit & 7) - width) & ((1 << width) - 1);
    }
}
