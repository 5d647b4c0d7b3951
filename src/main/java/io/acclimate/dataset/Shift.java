package io.acclimate.dataset;

import io.acclimate.image.RgbImage;
import java.util.SplittableRandom;

/** How the target domain differs from the source domain. What happens to an image depends on the seed and its index only. */
public enum Shift {
    /** The source domain itself. */
    NONE {
        @Override
        RgbImage shift(RgbImage image, SplittableRandom random) {
            return image;
        }
    },
    /** {@code 255 − x}: dark on light instead of light on dark. */
    INVERT {
        @Override
        RgbImage shift(RgbImage image, SplittableRandom random) {
            byte[] out = image.rgb().clone();
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) ~out[i];
            }
            return RgbImage.wrap(image.width(), image.height(), out);
        }
    },
    /** {@code |texture − x|} per channel, as MNIST-M is made (Ganin et al. 2016), over a texture instead of a photo. */
    BLEND {
        @Override
        RgbImage shift(RgbImage image, SplittableRandom random) {
            byte[] out = Texture.draw(image.width(), image.height(), random);
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) Math.abs((out[i] & 0xff) - (image.rgb()[i] & 0xff));
            }
            return RgbImage.wrap(image.width(), image.height(), out);
        }
    },
    /** Gaussian noise of a standard deviation of {@value #NOISE_DEVIATION} in each channel of each pixel. */
    NOISE {
        @Override
        RgbImage shift(RgbImage image, SplittableRandom random) {
            byte[] out = image.rgb().clone();
            for (int i = 0; i < out.length; i++) {
                long value = Math.round((out[i] & 0xff) + NOISE_DEVIATION * random.nextGaussian());
                out[i] = (byte) Math.max(0, Math.min(255, value));
            }
            return RgbImage.wrap(image.width(), image.height(), out);
        }
    };

    private static final double NOISE_DEVIATION = 40;

    public final RgbImage apply(RgbImage image, long seed, int index) {
        return shift(image, new SplittableRandom(new SplittableRandom(seed).nextLong() + index));
    }

    abstract RgbImage shift(RgbImage image, SplittableRandom random);
}
