package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Payload;
import io.acclimate.image.RgbImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A data set of images. They are sent as PNG files. */
public interface LabelledImages extends LabelledRecords {
    RgbImage pixels(int index);

    @Override
    default Payload payload(int index) {
        return new Payload(Bytes.wrap(Png.encode(pixels(index))), Optional.of("image/png"));
    }

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

    /** Returns the same images in an order that depends on the seed alone. */
    default LabelledImages shuffled(long seed) {
        LabelledImages source = this;
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, source.size()).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return new LabelledImages() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public RgbImage pixels(int index) {
                return source.pixels(order.get(index));
            }

            @Override
            public int label(int index) {
                return source.label(order.get(index));
            }

            @Override
            public ClassNames classNames() {
                return source.classNames();
            }
        };
    }
}
