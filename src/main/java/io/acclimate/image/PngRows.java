package io.acclimate.image;

/** Turns unfiltered PNG rows into red, green and blue bytes, with transparent parts over black. */
final class PngRows {
    private final PngHeader header;
    private final byte[] palette;
    private final byte[] transparency;
    private final byte[] out;

    PngRows(PngHeader header, byte[] palette, byte[] transparency) throws UnreadableImageException {
        if (header.colour() == PngHeader.PALETTE && (palette.length == 0 || palette.length % 3 != 0)) {
            throw UnreadableImageException.undecodable("PNG has a palette of " + palette.length + " bytes");
        }
        this.header = header;
        this.palette = palette;
        this.transparency = transparency;
        this.out = new byte[Math.toIntExact(3L * header.width() * header.height())];
    }

    RgbImage image() {
        return RgbImage.wrap(header.width(), header.height(), out);
    }

    void emit(byte[] row, int start, int y) throws UnreadableImageException {
        int width = header.width();
        int to = y * width * 3;
        boolean plain = header.depth() == 8 && transparency.length == 0;
        if (plain && header.colour() == PngHeader.RGB) {
            System.arraycopy(row, start, out, to, width * 3);
        } else if (plain && header.colour() == PngHeader.GREY) {
            for (int x = 0; x < width; x++, to += 3) {
                put(to, row[start + x], row[start + x], row[start + x]);
            }
        } else if (header.colour() == PngHeader.PALETTE) {
            indexed(row, start, to);
        } else {
            sampled(row, start, to);
        }
    }

    private void indexed(byte[] row, int start, int to) throws UnreadableImageException {
        for (int x = 0; x < header.width(); x++, to += 3) {
            int index = sample(row, start, x);
            if (index * 3 >= palette.length) {
                throw UnreadableImageException.undecodable(
                        "PNG names colour " + index + " of a palette of " + palette.length / 3);
            }
            int alpha = index < transparency.length ? transparency[index] & 0xff : 255;
            for (int c = 0; c < 3; c++) {
                out[to + c] = (byte) overBlack(palette[index * 3 + c] & 0xff, alpha);
            }
        }
    }

    private void sampled(byte[] row, int start, int to) {
        int samples = header.samples();
        boolean hasAlpha = samples == 2 || samples == 4;
        int colours = hasAlpha ? samples - 1 : samples;
        boolean keyed = !hasAlpha && transparency.length == 2 * colours;
        for (int x = 0; x < header.width(); x++, to += 3) {
            int first = x * samples;
            int alpha = hasAlpha ? to8(sample(row, start, first + colours), header.depth()) : 255;
            if (keyed && isKey(row, start, first, colours)) {
                alpha = 0;
            }
            for (int c = 0; c < 3; c++) {
                out[to + c] = (byte)
                        overBlack(to8(sample(row, start, first + (colours == 1 ? 0 : c)), header.depth()), alpha);
            }
        }
    }

    private boolean isKey(byte[] row, int start, int first, int colours) {
        for (int c = 0; c < colours; c++) {
            int key = (transparency[2 * c] & 0xff) << 8 | (transparency[2 * c + 1] & 0xff);
            if (sample(row, start, first + c) != key) {
                return false;
            }
        }
        return true;
    }

    private int sample(byte[] row, int start, int index) {
        int depth = header.depth();
        if (depth == 8) {
            return row[start + index] & 0xff;
        }
        if (depth == 16) {
            return (row[start + 2 * index] & 0xff) << 8 | (row[start + 2 * index + 1] & 0xff);
        }
        int bit = index * depth;
        return row[start + (bit >> 3)] >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
    }

    /**
     * Of 16 bits, the upper 8 are taken: so do libpng, and with it OpenCV and TensorFlow, and Pillow for colours. (Pillow shows grey of
     * 16 bits in white wherever it exceeds 255; nobody can train on that, so it is not repeated here.)
     */
    static int to8(int sample, int depth) {
        return switch (depth) {
            case 8 -> sample;
            case 16 -> sample >> 8;
            default -> sample * 255 / ((1 << depth) - 1);
        };
    }

    private void put(int at, byte red, byte green, byte blue) {
        out[at] = red;
        out[at + 1] = green;
        out[at + 2] = blue;
    }

    static int overBlack(int value, int alpha) {
        return (value * alpha + 127) / 255;
    }
}
