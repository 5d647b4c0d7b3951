package io.acclimate.adapt.translation;

import io.acclimate.core.FloatTensor;
import java.util.List;
import java.util.function.IntFunction;

/** Asks the source model. */
@FunctionalInterface
public interface SourceAnswers {
    /**
     * For each row, whether the source model takes it for the class of the same place.
     *
     * @param row makes each row once, in their order, when it is needed: all of them may be more than there is memory for
     */
    boolean[] hits(List<Integer> classes, IntFunction<FloatTensor> row);
}
