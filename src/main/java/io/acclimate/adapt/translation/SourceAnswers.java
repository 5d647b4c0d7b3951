package io.acclimate.adapt.translation;

import io.acclimate.core.FloatTensor;
import java.util.List;
import java.util.function.IntFunction;

/** Asks the source model. */
@FunctionalInterface
public interface SourceAnswers {
    /**
     * For each row, the index of the class that the source model takes it for.
     *
     * @param row makes each row once, in their order, when it is needed: all of them may be more than there is memory for
     */
    List<Integer> classes(int count, IntFunction<FloatTensor> row);
}
