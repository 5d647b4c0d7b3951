package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Rows are filtered here as the PNG format defines it, each with a filter of its own, and read back. */
class PngFiltersPropertyTest {
    @Property(tries = 200)
    void everyMixOfFiltersReadsBackTheSame(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll long seed)
            throws UnreadableImageException {
        RgbImage image = Pictures.random(width, height, seed);
        Random random = new Random(seed);
        int stride = 3 * width;
        byte[] rows = new byte[(stride + 1) * height];
        for (int y = 0; y < height; y++) {
            int filter = random.nextInt(5);
            rows[y * (stride + 1)] = (byte) filter;
            for (int i = 0; i < stride; i++) {
                int left = i < 3 ? 0 : value(image, y, i - 3);
                int up = y == 0 ? 0 : value(image, y - 1, i);
                int corner = i < 3 || y == 0 ? 0 : value(image, y - 1, i - 3);
                int predicted =
                        switch (filter) {
                            case 1 -> left;
                            case 2 -> up;
                            case 3 -> (left + up) / 2;
                            case 4 -> nearest(left, up, corner);
                            default -> 0;
                        };
                rows[y * (stride + 1) + 1 + i] = (byte) (value(image, y, i) - predicted);
            }
        }

        RgbImage read =
                new PngReader().read(Pictures.png(width, height, 8, PngHeader.RGB, rows), ImageLimits.defaults());

        assertThat(read).isEqualTo(image);
    }

    private static int value(RgbImage image, int y, int i) {
        return image.rgb()[y * image.width() * 3 + i] & 0xff;
    }

    /** Paeth's predictor: of left, up and corner the one that is nearest to left + up − corner, in this order. */
    private static int nearest(int left, int up, int corner) {
        int estimate = left + up - corner;
        int best = left;
        for (int each : new int[] {up, corner}) {
            if (Math.abs(estimate - each) < Math.abs(estimate - best)) {
                best = each;
            }
        }
        return best;
    }
}
