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

    /** Luma and chroma give values from 256 below the range of a byte to 256 above it. */
    private static final int BELOW = 256;

    private static final byte[] CLAMP = clamped();
    private static final int[] RED = chroma(91881, HALF, BITS);
    private static final int[] BLUE = chroma(116130, HALF, BITS);
    private static final int[] GREEN_OF_BLUE = chroma(-22554, HALF, 0);
    private static final int[] GREEN_OF_RED = chroma(-46802, 0, 0);

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

    private static void fromLuma(byte[] samples, int step) {
        for (int i = 0; i + 2 < samples.length; i += step) {
            int luma = (samples[i] & 0xff) + BELOW;
            int blue = samples[i + 1] & 0xff;
            int red = samples[i + 2] & 0xff;
            samples[i] = CLAMP[luma + RED[red]];
            samples[i + 1] = CLAMP[luma + ((GREEN_OF_BLUE[blue] + GREEN_OF_RED[red]) >> BITS)];
            samples[i + 2] = CLAMP[luma + BLUE[blue]];
        }
    }

    private static int[] chroma(int factor, int half, int shift) {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            table[i] = (factor * (i - 128) + half) >> shift;
        }
        return table;
    }

    private static byte[] clamped() {
        byte[] table = new byte[256 + 2 * BELOW];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) Math.max(0, Math.min(255, i - BELOW));
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
