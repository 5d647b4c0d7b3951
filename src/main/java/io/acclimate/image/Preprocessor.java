package io.acclimate.image;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;

/** Turns pixels into one input row as the card says: it resizes, converts colours, normalises and orders them. Immutable. */
public final class Preprocessor implements CompactRows {
    private final InputSpec spec;
    private final Shape shape;
    /** For each model channel, the normalised value {@code (pixel / 255 − mean) / std} of each pixel value. */
    private final float[][] table;

    public Preprocessor(InputSpec spec) {
        this.spec = spec;
        this.shape = spec.row();
        this.table = new float[spec.channels()][256];
        for (int c = 0; c < spec.channels(); c++) {
            for (int v = 0; v < 256; v++) {
                table[c][v] = (v / 255f - spec.mean().get(c)) / spec.std().get(c);
            }
        }
    }

    InputSpec spec() {
        return spec;
    }

    public FloatTensor toRow(RgbImage image) {
        return FloatTensor.wrap(
                shape,
                values(Resizer.fit(image, spec.width(), spec.height(), spec.resize())
                        .rgb()));
    }

    private float[] values(byte[] rgb) {
        int pixels = spec.width() * spec.height();
        int channels = spec.channels();
        boolean planar = spec.layout() == InputSpec.Layout.NCHW;
        int step = planar ? 1 : channels;
        float[] row = new float[pixels * channels];
        for (int c = 0; c < channels; c++) {
            float[] values = table[c];
            int to = planar ? c * pixels : c;
            if (spec.colour() == InputSpec.Colour.GREY) {
                for (int i = 0; i < rgb.length; i += 3, to += step) {
                    row[to] = values[luma(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff)];
                }
            } else {
                int from = spec.colour() == InputSpec.Colour.RGB ? c : 2 - c;
                for (int i = from; i < rgb.length; i += 3, to += step) {
                    row[to] = values[rgb[i] & 0xff];
                }
            }
        }
        return row;
    }

    /**
     * The row that {@link ImageDecoder#toCompact} made smaller, bit for bit: from one level for each value, or from little-endian floats.
     *
     * @throws IllegalArgumentException when the bytes are neither
     */
    @Override
    public FloatTensor toRow(Bytes compact) {
        byte[] levels = compact.array();
        if (levels.length != shape.elements()) {
            return FloatTensor.fromLittleEndian(shape, levels);
        }
        float[] row = new float[levels.length];
        normalise(levels, row);
        return FloatTensor.wrap(shape, row);
    }

    private void normalise(byte[] levels, float[] row) {
        boolean planar = spec.layout() == InputSpec.Layout.NCHW;
        int channels = spec.channels();
        int pixels = levels.length / channels;
        int step = planar ? 1 : channels;
        for (int c = 0; c < channels; c++) {
            float[] values = table[c];
            int at = planar ? c * pixels : c;
            for (int i = 0; i < pixels; i++, at += step) {
                row[at] = values[levels[at] & 0xff];
            }
        }
    }

    /** The row of {@link #toRow(RgbImage)}, which has one byte for each value until its values are asked for. */
    ModelInput.Row toWaitingRow(RgbImage image) {
        byte[] levels = toLevels(image).array();
        return new ModelInput.Row() {
            @Override
            public Shape shape() {
                return shape;
            }

            @Override
            public float[] values(float[] room) {
                normalise(levels, room);
                return room;
            }

            @Override
            public String toString() {
                return "levels" + shape;
            }
        };
    }

    /** The pixels of the row in its order, as levels from 0 to 255 that are not normalised yet: a quarter of the row's size. */
    Bytes toLevels(RgbImage image) {
        return Bytes.wrap(levels(
                Resizer.fit(image, spec.width(), spec.height(), spec.resize()).rgb()));
    }

    private byte[] levels(byte[] rgb) {
        int pixels = spec.width() * spec.height();
        int channels = spec.channels();
        boolean planar = spec.layout() == InputSpec.Layout.NCHW;
        int step = planar ? 1 : channels;
        byte[] row = new byte[pixels * channels];
        for (int c = 0; c < channels; c++) {
            int to = planar ? c * pixels : c;
            if (spec.colour() == InputSpec.Colour.GREY) {
                for (int i = 0; i < rgb.length; i += 3, to += step) {
                    row[to] = (byte) luma(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff);
                }
            } else {
                int from = spec.colour() == InputSpec.Colour.RGB ? c : 2 - c;
                for (int i = from; i < rgb.length; i += 3, to += step) {
                    row[to] = rgb[i];
                }
            }
        }
        return row;
    }

    /** Grey by Rec. 601, which most training code uses, in the fixed point of Pillow. */
    private static int luma(int red, int green, int blue) {
        return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    }
}
