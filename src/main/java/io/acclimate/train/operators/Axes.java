package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.LongStream;

/** What several families do along the axes of an array: take a range or positions of one, or fit shapes together. */
public final class Axes {
    private Axes() {}

    /** The positions {@code from}, {@code from + step}, … before {@code to} along one axis. */
    public static NDArray range(NDArray x, int axis, long from, long to, long step) {
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; i++) {
            index.addAllDim();
        }
        return x.get(index.addSliceDim(from, to, step).addEllipseDim());
    }

    /** The slices at {@code indices} along an axis; an index may come twice. */
    static NDArray pick(NDArray x, int axis, long... indices) {
        long[] extents = x.getShape().getShape().clone();
        long[] along = new long[extents.length];
        Arrays.fill(along, 1);
        along[axis] = indices.length;
        extents[axis] = indices.length;
        NDArray index = x.getManager().create(indices, new Shape(along));
        return x.gather(index.broadcast(extents), axis);
    }

    static NDArray reversed(NDArray x, int axis) {
        long extent = x.getShape().get(axis);
        return pick(
                x, axis, LongStream.range(0, extent).map(i -> extent - 1 - i).toArray());
    }

    /** The array as a matrix whose rows are the first {@code depth} axes. */
    static NDArray asRows(NDArray x, int depth) {
        return x.reshape(
                x.getShape().slice(0, depth).size(), x.getShape().slice(depth).size());
    }

    /** The shape that operands of these shapes broadcast to. */
    static Shape together(Shape... shapes) {
        long[] out =
                new long[Arrays.stream(shapes).mapToInt(Shape::dimension).max().orElse(0)];
        Arrays.fill(out, 1);
        for (Shape each : shapes) {
            int missing = out.length - each.dimension();
            for (int i = missing; i < out.length; i++) {
                out[i] = each.get(i - missing) == 1 ? out[i] : each.get(i - missing);
            }
        }
        return new Shape(out);
    }
}
