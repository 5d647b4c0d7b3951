package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;

/** A data set in a fixed order. Implementations are immutable and may be read from any thread. */
public interface LabelledImages {
    int size();

    RgbImage pixels(int index);

    /** The class index of image {@code index}, within {@link #classNames()}. */
    int label(int index);

    ClassNames classNames();

    /** Returns the same images in another domain. The shift depends only on the seed and the image's index. */
    default LabelledImages shifted(Shift shift, long seed) {
        LabelledImages source = this;
        return new LabelledImages() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public RgbImage pixels(int index) {
                return shift.apply(source.pixels(index), seed, index);
            }

            @Override
            public int label(int index) {
                return source.label(index);
            }

            @Override
            public ClassNames classNames() {
                return source.classNames();
            }
        };
    }
}
