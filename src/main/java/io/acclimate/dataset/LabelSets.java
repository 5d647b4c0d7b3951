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
        LabelledImages left = new Relabelled(images, classes(images.classNames(), model, wanted), wanted);
        checkLeft(left.size());
        return left;
    }

    /**
     * Maps source records, which have the model's classes, to the wanted label set. Records of classes that it lacks are left out.
     *
     * @throws DataSetException if the data have a class that the model lacks, or if no record is left
     */
    public static LabelledRecords source(LabelledRecords records, ClassNames model, ClassNames wanted)
            throws DataSetException {
        LabelledRecords left = new RelabelledRecords(records, classes(records.classNames(), model, wanted), wanted);
        checkLeft(left.size());
        return left;
    }

    /** For each class of the data its index in the wanted label set, or -1. */
    private static List<Integer> classes(ClassNames data, ClassNames model, ClassNames wanted) throws DataSetException {
        List<Integer> classes = new ArrayList<>();
        for (int own : indexes(data, model)) {
            classes.add(wanted.names().indexOf(model.name(own)));
        }
        return classes;
    }

    private static void checkLeft(int size) throws DataSetException {
        if (size == 0) {
            throw new DataSetException(
                    "no source class is in the new label set, so nothing of the source can be replayed");
        }
    }

    private static List<Integer> indexes(ClassNames data, ClassNames model) throws DataSetException {
        List<Integer> indexes = new ArrayList<>();
        for (String name : data.names()) {
            if (model.resolve(name).isEmpty()) {
                throw new DataSetException("class '" + name + "' of the data's classes " + data.names() + " is none of "
                        + (model.areNumbers()
                                ? "the model's, which have no names but the numbers below " + model.count()
                                        + ". A card beside the model names them, in the order of its output: classes: [...]"
                                : "the model's " + model.names()));
            }
            indexes.add(model.resolve(name).getAsInt());
        }
        return indexes;
    }
}
