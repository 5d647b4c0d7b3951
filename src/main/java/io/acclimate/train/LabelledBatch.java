package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rows and the class index of each.
 *
 * @param inputs {@code [batch, row…] float32}
 * @param answers what the source model gives for these rows, {@code [batch, classes] float32}, of which the loss is taken, where that is
 *     known; else a step that needs it asks the source model
 */
public record LabelledBatch(FloatTensor inputs, List<Integer> classes, Optional<FloatTensor> answers) {
    public LabelledBatch {
        classes = List.copyOf(classes);
        if (classes.isEmpty() || inputs.shape().rank() < 2 || inputs.shape().extent(0) != classes.size()) {
            throw new IllegalArgumentException("a batch of " + inputs + " does not fit " + classes.size() + " classes");
        }
        if (answers.isPresent() && answers.get().shape().extent(0) != classes.size()) {
            throw new IllegalArgumentException("answers " + answers.get() + " do not fit " + classes.size() + " rows");
        }
    }

    /** Rows whose answers are not known. */
    public LabelledBatch(FloatTensor inputs, List<Integer> classes) {
        this(inputs, classes, Optional.empty());
    }

    /** {@code [batch + more, row…]}: these rows, then those. */
    FloatTensor inputsWith(Optional<LabelledBatch> more) {
        if (more.isEmpty()) {
            return inputs;
        }
        FloatTensor other = more.get().inputs;
        if (!inputs.shape().tail().equals(other.shape().tail())) {
            throw new IllegalArgumentException("target rows are "
                    + inputs.shape().tail() + ", source rows " + other.shape().tail());
        }
        float[] values = Arrays.copyOf(inputs.values(), inputs.values().length + other.values().length);
        System.arraycopy(other.values(), 0, values, inputs.values().length, other.values().length);
        return FloatTensor.wrap(
                inputs.shape().tail().prepend(size() + more.get().size()), values);
    }

    public int size() {
        return classes.size();
    }
}
