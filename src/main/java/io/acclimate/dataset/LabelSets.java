package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import java.util.ArrayList;
import java.util.List;

/** A data set under a model's label set. Classes meet by name; a set that only numbers its classes, by index. */
public final class LabelSets {
    private LabelSets() {}

    /** The model's own classes when they cover the set's, else the set's. */
    public static ClassNames covering(ClassNames model, ClassNames data) {
        return data.names().stream().allMatch(name -> model.resolve(name).isPresent()) ? model : data;
    }

    /**
     * Data of the label set to learn.
     *
     * @throws DataSetException when it has a class that the label set lacks
     */
    public static LabelledImages target(LabelledImages images, ClassNames wanted) throws DataSetException {
        return new Relabelled(images, indexes(images.classNames(), wanted), wanted);
    }

    /**
     * Data of the model's own classes, under another label set: images of classes that it lacks are left out.
     *
     * @throws DataSetException when the set has a class that the model lacks, or no image is left
     */
    public static LabelledImages source(LabelledImages images, ClassNames model, ClassNames wanted)
            throws DataSetException {
        List<Integer> classes = new ArrayList<>();
        for (int own : indexes(images.classNames(), model)) {
            classes.add(wanted.names().indexOf(model.name(own)));
        }
        LabelledImages left = new Relabelled(images, classes, wanted);
        if (left.size() == 0) {
            throw new DataSetException(
                    "no source class is in the new label set, so nothing of the source can be replayed");
        }
        return left;
    }

    private static List<Integer> indexes(ClassNames data, ClassNames model) throws DataSetException {
        List<Integer> indexes = new ArrayList<>();
        for (String name : data.names()) {
            if (model.resolve(name).isEmpty()) {
                throw new DataSetException("there is no class '" + name + "'; the classes are " + model.names());
            }
            indexes.add(model.resolve(name).getAsInt());
        }
        return indexes;
    }
}
