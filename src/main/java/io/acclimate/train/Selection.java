package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.acclimate.onnx.ConstantTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Operators that pick values by index or by condition. Indices are known numbers: no gradient flows to them. */
final class Selection {
    private Selection() {}

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

    static List<Value> gather(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        ConstantTensor at = call.constant(1);
        long extent = x.getShape().get(axis);
        NDArray picked = pick(x, axis, positive(at.longs(), extent));
        Shape around = x.getShape();
        return Call.dense(picked.reshape(
                around.slice(0, axis).addAll(Call.djl(at.shape())).addAll(around.slice(axis + 1))));
    }

    static List<Value> gatherElements(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        ConstantTensor at = call.constant(1);
        long[] indices = positive(at.longs(), x.getShape().get(axis));
        return Call.dense(x.gather(call.manager().create(indices, Call.djl(at.shape())), axis));
    }

    static List<Value> gatherNd(Call call) {
        if (call.attributes().integer("batch_dims", 0) != 0) {
            throw call.unsupported("gathers batch by batch");
        }
        NDArray x = call.array(0);
        ConstantTensor at = call.constant(1);
        Shape indexShape = Call.djl(at.shape());
        int last = indexShape.dimension() - 1;
        int depth = (int) indexShape.get(last);
        long[] rows = rows(at.longs(), depth, x.getShape());
        Shape out = indexShape.slice(0, last).addAll(x.getShape().slice(depth));
        return Call.dense(pick(asRows(x, depth), 0, rows).reshape(out));
    }

    /** With equal indices the last update stands, as in ONNX Runtime; added updates all count. */
    static List<Value> scatterNd(Call call) {
        NDArray x = call.array(0);
        ConstantTensor at = call.constant(1);
        int depth = at.shape().extent(at.shape().rank() - 1);
        long[] rows = rows(at.longs(), depth, x.getShape());
        NDArray base = asRows(x, depth);
        NDArray updates = call.array(2).reshape(rows.length, base.getShape().get(1));
        int count = (int) base.getShape().get(0);
        switch (call.attributes().text("reduction", "none")) {
            case "none" -> {
                long[] source = LongStream.range(0, count).toArray();
                for (int i = 0; i < rows.length; i++) {
                    source[(int) rows[i]] = count + (long) i;
                }
                return Call.dense(pick(NDArrays.concat(new NDList(base, updates), 0), 0, source)
                        .reshape(x.getShape()));
            }
            case "add" -> {
                float[] where = new float[count * rows.length];
                for (int i = 0; i < rows.length; i++) {
                    where[(int) rows[i] * rows.length + i] = 1;
                }
                NDArray placed = call.manager()
                        .create(where, new Shape(count, rows.length))
                        .matMul(updates);
                return Call.dense(base.add(placed).reshape(x.getShape()));
            }
            default -> throw call.unsupported("reduces by other than addition");
        }
    }

    static List<Value> where(Call call) {
        Shape shape = Shapes.together(
                call.array(0).getShape(),
                call.array(1).getShape(),
                call.array(2).getShape());
        NDArray condition = call.array(0).toType(DataType.BOOLEAN, false).broadcast(shape);
        return Call.dense(NDArrays.where(
                condition, call.array(1).broadcast(shape), call.array(2).broadcast(shape)));
    }

    static List<Value> argMax(Call call) {
        return extreme(call, call.array(0));
    }

    static List<Value> argMin(Call call) {
        return extreme(call, call.array(0).neg());
    }

    private static List<Value> extreme(Call call, NDArray x) {
        int axis = Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        NDArray at;
        if (call.attributes().integer("select_last_index", 0) == 1) {
            at = reversed(x, axis).argMax(axis).neg().add(x.getShape().get(axis) - 1);
        } else {
            at = x.argMax(axis);
        }
        return Call.dense(call.attributes().integer("keepdims", 1) == 1 ? at.expandDims(axis) : at);
    }

    private static NDArray asRows(NDArray x, int depth) {
        return x.reshape(
                x.getShape().slice(0, depth).size(), x.getShape().slice(depth).size());
    }

    /** Row numbers of index tuples over the first {@code depth} axes. */
    private static long[] rows(long[] tuples, int depth, Shape shape) {
        long[] rows = new long[tuples.length / depth];
        for (int i = 0; i < tuples.length; i++) {
            long extent = shape.get(i % depth);
            long index = tuples[i] < 0 ? tuples[i] + extent : tuples[i];
            rows[i / depth] = rows[i / depth] * extent + index;
        }
        return rows;
    }

    private static long[] positive(long[] indices, long extent) {
        return LongStream.of(indices).map(i -> i < 0 ? i + extent : i).toArray();
    }
}
