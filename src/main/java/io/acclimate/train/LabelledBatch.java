package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import java.util.List;

/** {@code inputs} {@code [batch, row…] float32}, one class index per row. */
public record LabelledBatch(FloatTensor inputs, List<Integer> classes) {
    public LabelledBatch {
        classes = List.copyOf(classes);
        if (classes.isEmpty() || inputs.shape().rank() < 2 || inputs.shape().extent(0) != classes.size()) {
            throw new IllegalArgumentException("a batch of " + inputs + " does not fit " + classes.size() + " classes");
        }
    }

    public int size() {
        return classes.size();
    }
}
