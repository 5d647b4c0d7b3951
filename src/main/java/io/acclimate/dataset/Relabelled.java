package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;
import java.util.List;

/** A data set of images under another label set. */
final class Relabelled extends RelabelledRecords implements LabelledImages {
    private final LabelledImages images;

    /** @param classes the index in {@code names} of each class of {@code images}; -1 leaves the images of a class out */
    Relabelled(LabelledImages images, List<Integer> classes, ClassNames names) {
        super(images, classes, names);
        this.images = images;
    }

    @Override
    public RgbImage pixels(int index) {
        return images.pixels(original(index));
    }
}
