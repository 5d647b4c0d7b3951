package io.acclimate.onnx.node;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the weights of a model lie in one file, to which its skeleton refers. */
public final class WeightFile {
    /** The name of the file in whatever folder it is. */
    public static final String NAME = "weights";

    /** Each weight begins at a multiple of these bytes, as in memory that ONNX Runtime allocates. */
    private static final int ALIGNED = 64;

    private WeightFile() {}

    /**
     * Where each weight begins, in the order of their names.
     *
     * @param elements the number of float32 values by name
     */
    public static SortedMap<String, Long> places(Map<String, Long> elements) {
        SortedMap<String, Long> places = new TreeMap<>();
        long end = 0;
        for (Map.Entry<String, Long> each : new TreeMap<>(elements).entrySet()) {
            places.put(each.getKey(), end);
            end += (Float.BYTES * each.getValue() + ALIGNED - 1) / ALIGNED * ALIGNED;
        }
        return places;
    }
}
