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
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
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
        return view(index -> index, index -> shift.apply(pixels(index), seed, index));
    }

    /** Returns the same images in an order that depends on the seed alone. */
    default LabelledImages shuffled(long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return view(order::get, index -> pixels(order.get(index)));
    }

    /**
     * As many images of the same classes.
     *
     * @param labelled the index in this data set whose label an image of the view has
     * @param pixels of an image of the view
     */
    private LabelledImages view(IntUnaryOperator labelled, IntFunction<RgbImage> pixels) {
        LabelledImages source = this;
        return new LabelledImages() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public RgbImage pixels(int index) {
                return pixels.apply(index);
            }

            @Override
            public int label(int index) {
                return source.label(labelled.applyAsInt(index));
            }

            @Override
            public ClassNames classNames() {
                return source.classNames();
            }
        };
    }
}
