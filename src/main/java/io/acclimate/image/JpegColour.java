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

    private static final int IDS_1_2_3 = 0x010203;
    private static final int IDS_R_G_B = 'R' << 16 | 'G' << 8 | 'B';
    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);

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
        for (int i = 0; i < samples.length; i += step) {
            int luma = samples[i] & 0xff;
            int blue = (samples[i + 1] & 0xff) - 128;
            int red = (samples[i + 2] & 0xff) - 128;
            samples[i] = clamp(luma + ((91881 * red + HALF) >> BITS));
            samples[i + 1] = clamp(luma + ((-22554 * blue - 46802 * red + HALF) >> BITS));
            samples[i + 2] = clamp(luma + ((116130 * blue + HALF) >> BITS));
        }
    }

    /** Each of red, green and blue is the light that its ink leaves, times the light that black leaves; rounded as Pillow rounds. */
    private static byte[] fromInks(byte[] samples) {
        byte[] out = new byte[samples.length / 4 * 3];
        for (int i = 0, to = 0; i < samples.length; i += 4, to += 3) {
            int light = samples[i + 3] & 0xff;
            for (int c = 0; c < 3; c++) {
                int taken = (255 - (samples[i + c] & 0xff)) * light + 128;
                out[to + c] = (byte) (light - (((taken >> 8) + taken) >> 8));
            }
        }
        return out;
    }

    private static byte clamp(int value) {
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }
}
