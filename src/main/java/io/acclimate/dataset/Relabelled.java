package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;
import java.util.List;
import java.util.stream.IntStream;

/** A data set under another label set. Images whose class the label set lacks are left out. */
final class Relabelled implements LabelledImages {
    private final LabelledImages images;
    private final List<Integer> kept;
    private final List<Integer> classes;
    private final ClassNames names;

    /** @param classes the index in {@code names} of each class of {@code images}; -1 leaves the images of a class out */
    Relabelled(LabelledImages images, List<Integer> classes, ClassNames names) {
        this.images = images;
        this.classes = List.copyOf(classes);
        this.names = names;
        this.kept = IntStream.range(0, images.size())
                .filter(index -> classes.get(images.label(index)) >= 0)
                .boxed()
                .toList();
    }

    @Override
    public int size() {
        return kept.size();
    }

    @Override
    public RgbImage pixels(int index) {
        return images.pixels(kept.get(index));
    }

    @Override
    public int label(int index) {
        return classes.get(images.label(kept.get(index)));
    }

    @Override
    public ClassNames classNames() {
        return names;
    }
}
