package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The classes whose slices of the last layer nobody has trained yet: those that a model did not know before it was given another label
 * set, and all of them where the whole layer still has the values that it was initialised with.
 *
 * <p>A layer counts as just initialised when its matrix is zero, or uniformly distributed around zero, as PyTorch, Keras and this program
 * initialise it: then the mean of its squares is a third of its largest square. Training makes a few weights much larger than the others
 * and the share smaller. It fails to see layers that were initialised with normally distributed values, and takes small layers for trained.
 *
 * @param axes the axis of the classes, by the name of the tensor
 * @param classes their indexes
 */
public record UntrainedRows(Map<String, Integer> axes, Set<Integer> classes) {
    public static final UntrainedRows NONE = new UntrainedRows(new TreeMap<>(), new TreeSet<>());

    /** In smaller layers the share of the squares may be chance. */
    private static final int ENOUGH = 256;

    private static final double TOLERANCE = 0.05;

    public UntrainedRows {
        axes = new TreeMap<>(axes);
        classes = new TreeSet<>(classes);
    }

    /**
     * Finds them in a model.
     *
     * @param known the label set of the model that was given another one; empty for a model with its own
     * @param weights of the model, by name
     */
    public static UntrainedRows of(
            ModelProto model, ModelCard card, Optional<ClassNames> known, Map<String, FloatTensor> weights) {
        int count = card.classes().count();
        Head head;
        try {
            head = Head.find(model.getGraph(), card.outputName(), count);
        } catch (IllegalArgumentException e) {
            // Such a model cannot be given another label set, and trains as one layer among others.
            return NONE;
        }
        Map<String, Integer> axes = new TreeMap<>();
        head.rows().forEach(rows -> axes.put(rows.tensor(), rows.axis()));
        FloatTensor matrix = weights.get(head.rows().get(0).tensor());
        boolean all = matrix != null && isJustInitialised(matrix.values());
        Set<Integer> classes = new TreeSet<>();
        IntStream.range(0, count)
                .filter(i -> all
                        || known.filter(names ->
                                        !names.names().contains(card.classes().name(i)))
                                .isPresent())
                .forEach(classes::add);
        return classes.isEmpty() ? NONE : new UntrainedRows(axes, classes);
    }

    private static boolean isJustInitialised(float[] values) {
        double squares = 0;
        double largest = 0;
        for (float each : values) {
            squares += (double) each * each;
            largest = Math.max(largest, (double) each * each);
        }
        if (largest == 0) {
            return true;
        }
        double share = squares / values.length / largest;
        return values.length >= ENOUGH && Math.abs(3 * share - 1) < TOLERANCE;
    }
}
