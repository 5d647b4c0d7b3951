package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Reductions over named axes, or over all. */
final class Reductions {
    private Reductions() {}

    @FunctionalInterface
    interface AlongAxis {
        /** Keeps the axis with extent 1. */
        NDArray apply(NDArray array, int axis);
    }

    static Operator over(AlongAxis function) {
        return reducing(x -> x, function, x -> x);
    }

    private static Operator reducing(UnaryOperator<NDArray> before, AlongAxis function, UnaryOperator<NDArray> after) {
        return call -> {
            NDArray input = before.apply(call.array(0));
            int rank = input.getShape().dimension();
            int[] axes = IntStream.range(0, rank).toArray();
            long[] named = call.list("axes", 1);
            if (named.length > 0) {
                axes = new int[named.length];
                for (int i = 0; i < named.length; i++) {
                    axes[i] = Call.axis(named[i], rank);
                }
            } else if (call.attributes().integer("noop_with_empty_axes", 0) == 1) {
                return Call.dense(after.apply(input));
            }
            NDArray reduced = after.apply(along(input, axes, function));
            return Call.dense(call.attributes().integer("keepdims", 1) == 1 ? reduced : reduced.squeeze(axes));
        };
    }

    /** One axis after the other, since the engine takes the mean of one only. */
    static NDArray along(NDArray input, int[] axes, AlongAxis function) {
        NDArray out = input;
        for (int axis : axes) {
            out = function.apply(out, axis);
        }
        return out;
    }

    static NDArray mean(NDArray input, int... axes) {
        return along(input, axes, (x, axis) -> x.mean(new int[] {axis}, true));
    }

    /** A sum, with functions of each element before it and of the sum after it. */
    static Operator sum(UnaryOperator<NDArray> before, UnaryOperator<NDArray> after) {
        return reducing(before, (x, axis) -> x.sum(new int[] {axis}, true), after);
    }
}
