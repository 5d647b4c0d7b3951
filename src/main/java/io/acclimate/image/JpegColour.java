package io.acclimate.image;

/**
 * What the components of a JPEG mean, by the rules of libjpeg, which Pillow, OpenCV and TensorFlow read with. The arithmetic is
 * libjpeg's as well, in fixed point with 16 bits, so that it gives the very values.
 *
 * <p>Four components are Adobe's complements of inks, whatever the file says about itself. Pillow, OpenCV and djpeg read them in
 * this way, since nearly all programs that write such files follow Adobe.
 */
enum JpegColour {
    GREY(1),
    RGB(3),
    YCC(3),
    CMYK(4),
    YCCK(4),
    /** No decoder makes red, green and blue of such a number of components. */
    UNKNOWN(0);

    /** The file has no segment of Adobe's. */
    static final int NO_ADOBE = -1;

    private static final int IDS_R_G_B = 'R' << 16 | 'G' << 8 | 'B';
    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);

    /**
     * Luma and chroma give values from 256 below the range of a byte to 256 above it. This is added to each: bit 8 is then set in those
     * within the range, bit 9 in those above it, and neither in those below.
     */
    private static final int BELOW = 256;

    /** Where a long holds red, green and blue side by side. Green has {@link #BITS} places behind its point until it is rounded. */
    private static final int RED = 0;

    private static final int BLUE = 12;
    private static final int GREEN = 24;
    private static final int GREEN_ROUNDED = GREEN + BITS;

    private static final long EACH = lanes(1);
    private static final long[] OF_BLUE = ofBlue();
    private static final long[] OF_RED = ofRed();

    private final int components;

    JpegColour(int components) {
        this.components = components;
    }

    /**
     * A JFIF segment decides, then Adobe's transform, then the ids of the components.
     *
     * @param ids the ids of the first three components, a byte each
     * @param adobe the transform of Adobe's segment, or {@link #NO_ADOBE}
     */
    static JpegColour of(int components, int ids, boolean jfif, int adobe) {
        return switch (components) {
            case 1 -> GREY;
            case 3 -> {
                if (jfif || (adobe != NO_ADOBE && adobe != 0)) {
                    yield YCC;
                }
                yield adobe == 0 || ids == IDS_R_G_B ? RGB : YCC;
            }
            case 4 -> adobe == NO_ADOBE || adobe == 0 ? CMYK : YCCK;
            default -> UNKNOWN;
        };
    }

    /** The number of bytes that each pixel is stored in. */
    int components() {
        return components;
    }

    /** Converts stored samples, which are interleaved. The array of samples may be written to, and may become the answer. */
    byte[] toRgb(byte[] samples) {
        switch (this) {
            case RGB -> {
                return samples;
            }
            case GREY -> {
                byte[] out = new byte[Math.multiplyExact(samples.length, 3)];
                for (int i = 0, to = 0; i < samples.length; i++, to += 3) {
                    out[to] = samples[i];
                    out[to + 1] = samples[i];
                    out[to + 2] = samples[i];
                }
                return out;
            }
            case YCC -> {
                fromLuma(samples, 3);
                return samples;
            }
            case YCCK -> {
                fromLuma(samples, 4);
                // Luma and chroma are those of the values turned round; black is stored as in CMYK.
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = (byte) (i % 4 == 3 ? samples[i] : 255 - (samples[i] & 0xff));
                }
                return fromInks(samples);
            }
            case CMYK -> {
                return fromInks(samples);
            }
            case UNKNOWN -> throw new IllegalStateException("the number of components was not checked");
        }
        throw new IllegalStateException("no such colour: " + this);
    }

    /**
     * All three colours come of one sum, and are cut off at the range of a byte without a branch: in a picture with white or black parts
     * many pixels there are out of range, in an order that no processor foresees.
     */
    private static void fromLuma(byte[] samples, int step) {
        for (int i = 0; i + 2 < samples.length; i += step) {
            long sum = (samples[i] & 0xff) * EACH + OF_BLUE[samples[i + 1] & 0xff] + OF_RED[samples[i + 2] & 0xff];
            long within = sum >>> 8 & EACH;
            long above = sum >>> 9 & EACH;
            long colours = (sum & bytes(within)) | bytes(above);
            samples[i] = (byte) (colours >>> RED);
            samples[i + 1] = (byte) (colours >>> GREEN_ROUNDED);
            samples[i + 2] = (byte) (colours >>> BLUE);
        }
    }

    /** All bits of a byte for each colour whose lowest bit is set. */
    private static long bytes(long ones) {
        return (ones << 8) - ones;
    }

    private static long lanes(long value) {
        return value << RED | value << GREEN_ROUNDED | value << BLUE;
    }

    /** What the blue chroma adds, and the distance of all colours from 0, so that no lane borrows from its neighbour. */
    private static long[] ofBlue() {
        long[] table = new long[256];
        for (int i = 0; i < table.length; i++) {
            long blue = BELOW + ((116130L * (i - 128) + HALF) >> BITS);
            long green = ((long) BELOW << BITS) - 22554L * (i - 128) + HALF;
            table[i] = (blue << BLUE) + (green << GREEN);
        }
        return table;
    }

    /** What the red chroma adds. Its part of green may be negative, which the sum makes up for. */
    private static long[] ofRed() {
        long[] table = new long[256];
        for (int i = 0; i < table.length; i++) {
            long red = BELOW + ((91881L * (i - 128) + HALF) >> BITS);
            table[i] = (red << RED) + ((-46802L * (i - 128)) << GREEN);
        }
        return table;
    }

    /** Each of red, green and blue is the light that its ink leaves, times the light that black leaves, rounded as Pillow rounds. */
    private static byte[] fromInks(byte[] samples) {
        byte[] out = new byte[samples.length / 4 * 3];
        for (int i = 0, to = 0; i < samples.length; i += 4, to += 3) {
            for (int c = 0; c < 3; c++) {
                out[to + c] = (byte) light(samples[i + c] & 0xff, samples[i + 3] & 0xff);
            }
        }
        return out;
    }

    /** The light that is left by a coloured ink and by black, each of which leaves a part. */
    static int light(int ofInk, int ofBlack) {
        int taken = (255 - ofInk) * ofBlack + 128;
        return ofBlack - (((taken >> 8) + taken) >> 8);
    }
}
