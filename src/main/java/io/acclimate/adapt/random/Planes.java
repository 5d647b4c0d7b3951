package io.acclimate.adapt.random;

import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;

/**
 * Where the pixels of an image stand in its row: in planes of {@code height × width} pixels, of {@code step} values each. With
 * {@link InputSpec.Layout#NCHW} each channel has a plane, and with {@link InputSpec.Layout#NHWC} all channels share one. An input that is
 * no image has no planes.
 */
public record Planes(int count, int step, int height, int width) {
    private static final Planes NONE = new Planes(0, 1, 0, 0);

    public static Planes of(ModelInput input) {
        if (input instanceof InputSpec image) {
            return image.layout() == InputSpec.Layout.NCHW
                    ? new Planes(image.channels(), 1, image.height(), image.width())
                    : new Planes(1, image.channels(), image.height(), image.width());
        }
        return NONE;
    }

    public int channels() {
        return count * step;
    }

    /** The pixels of one plane. */
    public int pixels() {
        return height * width;
    }

    /** The place in the row of a channel's value at a pixel, where pixels are counted line by line. */
    public int index(int channel, int pixel) {
        return step == 1 ? channel * pixels() + pixel : pixel * step + channel;
    }
}
