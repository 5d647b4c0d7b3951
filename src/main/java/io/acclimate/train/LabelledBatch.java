package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code inputs} {@code [batch, row…] float32}, one class index per row. */
public record LabelledBatch(FloatTensor inputs, List<Integer> classes) {
    public LabelledBatch {
        classes = List.copyOf(classes);
        if (classes.isEmpty() || inputs.shape().rank() < 2 || inputs.shape().extent(0) != classes.size()) {
            throw new IllegalArgumentException("a batch of " + inputs + " does not fit " + classes.size() + " classes");
        }
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
