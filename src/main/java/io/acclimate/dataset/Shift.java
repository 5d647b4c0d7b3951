package io.acclimate.dataset;

import io.acclimate.image.RgbImage;
import java.util.SplittableRandom;

/** How the target domain differs from the source domain. What happens to an image depends on the seed and its index only. */
public enum Shift {
    /** The source domain itself. */
    NONE,
    /** {@code 255 − x}: dark on light instead of light on dark. */
    INVERT,
    /** {@code |texture − x|} per channel, as MNIST-M is made (Ganin et al. 2016), over a texture instead of a photo. */
    BLEND,
    /** Gaussian noise of a standard deviation of 40 in each channel of each pixel. */
    NOISE,
    /** Out of focus. */
    BLUR,
    /** A seventh of the contrast, at a random brightness. */
    CONTRAST,
    /** Turned by 25 to 50 degrees. */
    ROTATE,
    /** A quarter of the image is hidden. */
    OCCLUDE,
    /** Two random colours instead of black and white. */
    COLOUR,
    /** A bright haze that hides more than half of each pixel. */
    FOG;

    public RgbImage apply(RgbImage image, long seed, int index) {
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + index);
        return switch (this) {
            case NONE -> image;
            case INVERT -> Distortions.invert(image);
            case BLEND -> Distortions.blend(image, random);
            case NOISE -> Distortions.noise(image, random);
            case BLUR -> Distortions.blur(image);
            case CONTRAST -> Distortions.contrast(image, random);
            case ROTATE -> Distortions.rotate(image, random);
            case OCCLUDE -> Distortions.occlude(image, random);
            case COLOUR -> Distortions.colour(image, random);
            case FOG -> Distortions.fog(image, random);
        };
    }
}
