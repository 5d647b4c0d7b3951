package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;

/**
 * Operators that write values at indices, each as picks from what is there and what is new, so that the gradient is a pick's.
 * With equal indices the last update wins, as in ONNX Runtime; added, multiplied, largest and smallest updates all count.
 */
final class Scattering {
    private Scattering() {}

    static void addTo(Map<String, Operator> table) {
        table.put("MaxUnpool", Scattering::unpooled);
        table.put("ScatterND", Scattering::rows);
        table.put("ScatterElements", Scattering::elements);
        table.put("Scatter", Scattering::elements);
    }

    /** {@code ScatterND}. */
    static List<Value> rows(Call call) {
        NDArray x = call.array(0);
        ConstantTensor at = call.constant(1);
        int depth = at.shape().extent(at.shape().rank() - 1);
        long[] rows = Selection.rows(at.longs(), depth, x.getShape());
        NDArray base = Axes.asRows(x, depth);
        NDArray updates = call.array(2).reshape(rows.length, base.getShape().get(1));
        return Call.dense(written(call, base, rows, updates).reshape(x.getShape()));
    }

    /** {@code ScatterElements}. */
    static List<Value> elements(Call call) {
        NDArray x = call.array(0);
        long[] extents = x.getShape().getShape();
        int axis = Call.axis(call.attributes().integer("axis", 0), extents.length);
        ConstantTensor at = call.constant(1);
        long[] along = Selection.positive(at.longs(), extents[axis]);
        long[] flat = new long[along.length];
        for (int i = 0; i < flat.length; i++) {
            int rest = i;
            long stride = 1;
            for (int each = extents.length - 1; each >= 0; each--) {
                long position = each == axis ? along[i] : rest % at.shape().extent(each);
                flat[i] += position * stride;
                rest /= at.shape().extent(each);
                stride *= extents[each];
            }
        }
        NDArray written = written(call, x.reshape(-1, 1), flat, call.array(2).reshape(-1, 1));
        return Call.dense(written.reshape(x.getShape()));
    }

    /** {@code MaxUnpool}: each value where its index, over the whole of the smallest possible output, says. */
    static List<Value> unpooled(Call call) {
        NDArray x = call.array(0);
        long[] small = x.getShape().getShape().clone();
        long[] kernel = call.attributes().integers("kernel_shape");
        long[] ones = new long[kernel.length];
        Arrays.fill(ones, 1);
        long[] stride = call.attributes().integers("strides", ones);
        long[] pads = call.attributes().integers("pads", new long[2 * kernel.length]);
        for (int i = 0; i < kernel.length; i++) {
            small[i + 2] = (small[i + 2] - 1) * stride[i] + kernel[i] - pads[i] - pads[kernel.length + i];
        }
        Shape smallest = new Shape(small);
        Shape out = call.has(2) ? new Shape(call.constant(2).longs()) : smallest;
        call.bounded(smallest.getShape());
        call.bounded(out.getShape());
        long[] at = call.constant(1).longs();
        for (int i = 0; i < at.length; i++) {
            long rest = at[i];
            long moved = 0;
            long step = 1;
            for (int axis = small.length - 1; axis >= 0; axis--) {
                moved += rest % small[axis] * step;
                rest /= small[axis];
                step *= out.get(axis);
            }
            at[i] = moved;
        }
        NDArray zeros = call.manager().zeros(new Shape(out.size(), 1));
        return Call.dense(written(call, zeros, at, x.reshape(-1, 1)).reshape(out));
    }

    /** {@code base [count, width]} with {@code updates [rows.length, width]} at the rows. */
    private static NDArray written(Call call, NDArray base, long[] rows, NDArray updates) {
        int count = Math.toIntExact(base.getShape().get(0));
        return switch (call.attributes().text("reduction", "none")) {
            case "none" -> {
                long[] source = LongStream.range(0, count).toArray();
                for (int i = 0; i < rows.length; i++) {
                    source[(int) rows[i]] = count + (long) i;
                }
                yield Axes.pick(NDArrays.concat(new NDList(base, updates), 0), 0, source);
            }
            case "add" -> folded(base, rows, updates, 0, NDArray::add);
            case "mul" -> folded(base, rows, updates, 1, NDArray::mul);
            case "max" -> folded(base, rows, updates, Float.NEGATIVE_INFINITY, NDArray::maximum);
            case "min" -> folded(base, rows, updates, Float.POSITIVE_INFINITY, NDArray::minimum);
            default -> throw call.unsupported("reduces by an unknown rule");
        };
    }

    /** Takes as many rounds as the most frequent row has updates. A row without an update takes the neutral value. */
    private static NDArray folded(
            NDArray base, long[] rows, NDArray updates, float neutral, BinaryOperator<NDArray> function) {
        int count = Math.toIntExact(base.getShape().get(0));
        NDArray padded = Padding.padded(updates, 0, 0, 1, neutral);
        NDArray out = base;
        boolean[] done = new boolean[rows.length];
        for (int left = rows.length; left > 0; ) {
            long[] source = new long[count];
            Arrays.fill(source, rows.length);
            for (int i = 0; i < rows.length; i++) {
                if (!done[i] && source[(int) rows[i]] == rows.length) {
                    source[(int) rows[i]] = i;
                    done[i] = true;
                    left--;
                }
            }
            out = function.apply(out, Axes.pick(padded, 0, source));
        }
        return out;
    }
}
