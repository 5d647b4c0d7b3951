package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import java.util.ArrayList;
import java.util.List;

/** Maps a data set's classes to a model's label set. Classes are matched by name, and by index if the set only numbers them. */
public final class LabelSets {
    private LabelSets() {}

    /** Returns the model's classes if they include all of the data's classes, and the data's classes otherwise. */
    public static ClassNames covering(ClassNames model, ClassNames data) {
        return data.names().stream().allMatch(name -> model.resolve(name).isPresent()) ? model : data;
    }

    /**
     * Maps target data to the wanted label set.
     *
     * @throws DataSetException if the data have a class that the label set lacks
     */
    public static LabelledImages target(LabelledImages images, ClassNames wanted) throws DataSetException {
        return new Relabelled(images, indexes(images.classNames(), wanted), wanted);
    }

    /**
     * Maps source data, which have the model's classes, to the wanted label set. Images of classes that it lacks are left out.
     *
     * @throws DataSetException if the data have a class that the model lacks, or if no image is left
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
                throw new DataSetException(
                        "class '" + name + "' of the data's classes " + data.names() + " is none of " + model.names());
            }
            indexes.add(model.resolve(name).getAsInt());
        }
        return indexes;
    }
}
