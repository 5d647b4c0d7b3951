package io.acclimate.train.offline;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.util.Random;

/**
 * Random changes that keep a class: a horizontal flip, and a crop of the original size out of the image with {@code padding}
 * black pixels around it.
 *
 * @param padding 0 for no crop
 */
public record Augmentation(boolean flip, int padding) {
    public static final Augmentation NONE = new Augmentation(false, 0);

    public Augmentation {
        if (padding < 0 || padding > 1024) {
            throw new IllegalArgumentException("crop padding must be from 0 to 1024, got " + padding);
        }
    }

    /** {@code none}, or a list of {@code flip} and {@code crop:N}. */
    public static Augmentation parse(String text) {
        Augmentation out = NONE;
        for (String each : text.equals("none") ? new String[0] : text.split(",", -1)) {
            if (each.equals("flip")) {
                out = new Augmentation(true, out.padding);
            } else if (each.matches("crop:[0-9]{1,4}")) {
                out = new Augmentation(out.flip, Integer.parseInt(each.substring(5)));
            } else {
                throw new IllegalArgumentException(
                        "augment must be none, flip, crop:N or flip,crop:N, got '" + text + "'");
            }
        }
        return out;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String crop = padding == 0 ? "" : "crop:" + padding;
        return equals(NONE) ? "none" : (flip ? "flip" : "") + (flip && padding > 0 ? "," : "") + crop;
    }

    FloatTensor apply(FloatTensor row, InputSpec spec, Random random) {
        if (equals(NONE)) {
            return row;
        }
        boolean mirrored = flip && random.nextBoolean();
        int down = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
        int right = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
        boolean planar = spec.layout() == InputSpec.Layout.NCHW;
        int pixelStep = planar ? 1 : spec.channels();
        float[] from = row.values();
        float[] to = new float[from.length];
        for (int c = 0; c < spec.channels(); c++) {
            float black = -spec.mean().get(c) / spec.std().get(c);
            int plane = planar ? c * spec.height() * spec.width() : c;
            for (int y = 0; y < spec.height(); y++) {
                for (int x = 0; x < spec.width(); x++) {
                    int sourceY = y + down;
                    int sourceX = (mirrored ? spec.width() - 1 - x : x) + right;
                    boolean inside = sourceY >= 0 && sourceY < spec.height() && sourceX >= 0 && sourceX < spec.width();
                    to[plane + (y * spec.width() + x) * pixelStep] =
                            inside ? from[plane + (sourceY * spec.width() + sourceX) * pixelStep] : black;
                }
            }
        }
        return FloatTensor.wrap(row.shape(), to);
    }
}
