package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Reductions over the named axes, or over all of them. */
public final class Reductions {
    private Reductions() {}

    static void addTo(Map<String, Operator> table) {
        table.put("ReduceMean", over(Reductions::mean));
        table.put("ReduceSum", sum(x -> x, x -> x));
        table.put("ReduceL1", sum(NDArray::abs, x -> x));
        table.put("ReduceL2", sum(NDArray::square, NDArray::sqrt));
        table.put("ReduceSumSquare", sum(NDArray::square, x -> x));
        table.put("ReduceLogSum", sum(x -> x, NDArray::log));
        table.put("ReduceLogSumExp", along(Reductions::logSumExp));
        table.put("ReduceProd", along((x, axis) -> x.prod(new int[] {axis}, true)));
        table.put("CumSum", Reductions::cumulativeSum);
        table.put("ReduceMax", along((x, axis) -> x.max(new int[] {axis}, true)));
        table.put("ReduceMin", along((x, axis) -> x.min(new int[] {axis}, true)));
    }

    @FunctionalInterface
    interface AlongAxis {
        /** Keeps the axis with extent 1. */
        NDArray apply(NDArray array, int axis);
    }

    @FunctionalInterface
    interface OverAxes {
        /** Keeps the axes with extent 1. */
        NDArray apply(NDArray array, int... axes);
    }

    static Operator over(OverAxes function) {
        return reducing(x -> x, function, x -> x);
    }

    static Operator along(AlongAxis function) {
        return over((x, axes) -> along(x, axes, function));
    }

    private static Operator reducing(UnaryOperator<NDArray> before, OverAxes function, UnaryOperator<NDArray> after) {
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
            NDArray reduced = after.apply(function.apply(input, axes));
            return Call.dense(call.attributes().integer("keepdims", 1) == 1 ? reduced : reduced.squeeze(axes));
        };
    }

    /** Reduces one axis after the other. */
    static NDArray along(NDArray input, int[] axes, AlongAxis function) {
        NDArray out = input;
        for (int axis : axes) {
            out = function.apply(out, axis);
        }
        return out;
    }

    public static NDArray mean(NDArray input, int... axes) {
        long count = Arrays.stream(axes)
                .mapToLong(axis -> input.getShape().get(axis))
                .reduce(1, (a, b) -> a * b);
        return Scalars.over(input.sum(axes, true), (double) count);
    }

    /** A sum, with functions of each element before it and of the sum after it. */
    static Operator sum(UnaryOperator<NDArray> before, UnaryOperator<NDArray> after) {
        return reducing(before, (x, axes) -> x.sum(axes, true), after);
    }

    /** Shifted by the largest value, which the result does not depend on, so that nothing overflows. */
    static NDArray logSumExp(NDArray x, int axis) {
        NDArray largest = x.max(new int[] {axis}, true).stopGradient();
        return x.sub(largest).exp().sum(new int[] {axis}, true).log().add(largest);
    }

    static List<Value> cumulativeSum(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.constant(1).longs()[0], x.getShape().dimension());
        boolean backwards = call.attributes().integer("reverse", 0) == 1;
        NDArray from = backwards ? Axes.reversed(x, axis) : x;
        NDArray sum = from.cumSum(axis);
        if (call.attributes().integer("exclusive", 0) == 1) {
            sum = sum.sub(from);
        }
        return Call.dense(backwards ? Axes.reversed(sum, axis) : sum);
    }
}
