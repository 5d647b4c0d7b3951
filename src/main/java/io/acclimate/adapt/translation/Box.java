package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.Planes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;

/**
 * Where the picture is in a row whose edges were filled with black, because the picture has another shape than the model's input or is smaller. Sizes are in pixels.
 *
 * <p>Fails to find the frame of a picture that is black at its own edges: all of the row is taken for the picture then.
 */
record Box(int top, int left, int height, int width) {
    /** Half a level of 255: what is filled is 0 but for rounding. */
    private static final float BLACK = 0.5f / 255;
    /** With a larger share of black pixels at its edge, a picture goes on in black, as of a thing before a black wall. */
    private static final double BLACK_EDGE = 0.1;
    /** A picture that is smaller shows nothing. */
    private static final int SMALLEST = 8;

    /** @param pixels of a row, from 0 for black to 1 for white */
    static Box of(float[] pixels, Planes planes) {
        boolean[] black = black(pixels, planes);
        int height = planes.height();
        int width = planes.width();
        int top = 0;
        while (top < height && share(black, width, new Box(top, 0, 1, width)) == 1) {
            top++;
        }
        int bottom = height;
        while (bottom > top && share(black, width, new Box(bottom - 1, 0, 1, width)) == 1) {
            bottom--;
        }
        int left = 0;
        while (left < width && share(black, width, new Box(0, left, height, 1)) == 1) {
            left++;
        }
        int right = width;
        while (right > left && share(black, width, new Box(0, right - 1, height, 1)) == 1) {
            right--;
        }
        Box all = new Box(0, 0, height, width);
        Box inside = new Box(top, left, bottom - top, right - left);
        return inside.isPicture(black, all) ? inside : all;
    }

    /** Pictures are centred, and what is filled ends where the picture begins. */
    private boolean isPicture(boolean[] black, Box all) {
        int below = all.height - top - height;
        int beside = all.width - left - width;
        return height >= SMALLEST
                && width >= SMALLEST
                && Math.abs(top - below) <= 1
                && Math.abs(left - beside) <= 1
                && (top == 0 || share(black, all.width, new Box(top, left, 1, width)) <= BLACK_EDGE)
                && (below == 0 || share(black, all.width, new Box(top + height - 1, left, 1, width)) <= BLACK_EDGE)
                && (left == 0 || share(black, all.width, new Box(top, left, height, 1)) <= BLACK_EDGE)
                && (beside == 0 || share(black, all.width, new Box(top, left + width - 1, height, 1)) <= BLACK_EDGE);
    }

    private static boolean[] black(float[] pixels, Planes planes) {
        boolean[] black = new boolean[planes.pixels()];
        for (int i = 0; i < black.length; i++) {
            black[i] = true;
            for (int c = 0; c < planes.channels(); c++) {
                black[i] &= pixels[planes.index(c, i)] < BLACK;
            }
        }
        return black;
    }

    private static double share(boolean[] black, int lineWidth, Box of) {
        int count = 0;
        for (int y = of.top; y < of.top + of.height; y++) {
            for (int x = of.left; x < of.left + of.width; x++) {
                count += black[y * lineWidth + x] ? 1 : 0;
            }
        }
        return count / (double) (of.height * of.width);
    }

    boolean isAllOf(InputSpec input) {
        return height == input.height() && width == input.width();
    }

    /** The same input, of the size of this box. */
    InputSpec inside(InputSpec input) {
        return new InputSpec(
                input.channels(),
                height,
                width,
                input.layout(),
                input.colour(),
                input.resize(),
                input.mean(),
                input.std());
    }

    /** What is in this box. */
    FloatTensor cropped(FloatTensor row, InputSpec input) {
        if (isAllOf(input)) {
            return row;
        }
        float[] inside = new float[input.channels() * height * width];
        copy(row.values(), Planes.of(input), inside, Planes.of(inside(input)), true);
        return FloatTensor.wrap(inside(input).row(), inside);
    }

    /** The row with this picture in the box. */
    FloatTensor pasted(FloatTensor row, FloatTensor picture, InputSpec input) {
        float[] all = row.values().clone();
        copy(all, Planes.of(input), picture.values(), Planes.of(inside(input)), false);
        return FloatTensor.wrap(row.shape(), all);
    }

    private void copy(float[] all, Planes ofAll, float[] inside, Planes ofInside, boolean out) {
        for (int c = 0; c < ofAll.channels(); c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int from = ofAll.index(c, (top + y) * ofAll.width() + left + x);
                    int to = ofInside.index(c, y * width + x);
                    if (out) {
                        inside[to] = all[from];
                    } else {
                        all[from] = inside[to];
                    }
                }
            }
        }
    }
}
