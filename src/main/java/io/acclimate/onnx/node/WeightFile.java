package io.acclimate.onnx.node;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the weights of a model lie in files, to which its skeleton refers: each in one of its own, from the first byte on. In one file for all,
 * whoever maps a single weight into memory would hold the whole file.
 */
public final class WeightFile {
    private WeightFile() {}

    /** The name of each weight's file in whatever folder they are. Names of weights may be no names of files. */
    public static SortedMap<String, String> names(Collection<String> weights) {
        SortedMap<String, String> names = new TreeMap<>();
        for (String each : new TreeSet<>(weights)) {
            names.put(each, "w" + names.size());
        }
        return names;
    }
}
