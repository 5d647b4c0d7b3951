package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;
import java.util.Objects;

/** Images of one size that stay in memory in their file's format and are unpacked one by one. */
final class PackedImages implements LabelledImages {
    /** Unpacks image {@code index}. */
    interface Unpack {
        RgbImage pixels(int index);
    }

    private final byte[] labels;
    private final ClassNames classNames;
    private final Unpack unpack;

    PackedImages(byte[] labels, ClassNames classNames, Unpack unpack) throws DataSetException {
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xff) >= classNames.count()) {
                throw new DataSetException(
                        "label " + i + " is class " + (labels[i] & 0xff) + ", there are " + classNames);
            }
        }
        this.labels = labels;
        this.classNames = classNames;
        this.unpack = unpack;
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public RgbImage pixels(int index) {
        return unpack.pixels(Objects.checkIndex(index, labels.length));
    }

    @Override
    public int label(int index) {
        return labels[index] & 0xff;
    }

    @Override
    public ClassNames classNames() {
        return classNames;
    }
}
