package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that pick values by index or by condition. Indices are known numbers: no gradient flows to them. */
final class Selection {
    private Selection() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Where", Selection::where);
        table.put("ArgMax", Selection::argMax);
        table.put("ArgMin", Selection::argMin);
        table.put("Gather", Selection::gather);
        table.put("GatherElements", Selection::gatherElements);
        table.put("GatherND", Selection::gatherNd);
        table.put("OneHot", Selection::oneHot);
        table.put("Compress", Selection::compress);
        table.put("TopK", Selection::topK);
        table.put("Trilu", Selection::triangle);
        table.put("ReverseSequence", Selection::reverseSequence);
    }

    /** The first {@code sequence_lens[row]} values of each row of the batch in reverse order. */
    static List<Value> reverseSequence(Call call) {
        NDArray x = call.array(0);
        boolean timeFirst = call.attributes().integer("time_axis", 0) == 0;
        long[] lengths = call.constant(1).longs();
        NDArray rows = timeFirst ? x.swapAxes(0, 1) : x;
        int time = Math.toIntExact(rows.getShape().get(1));
        long[] from = new long[lengths.length * time];
        for (int i = 0; i < from.length; i++) {
            long length = lengths[i / time];
            long at = i % time;
            from[i] = i - at + (at < length ? length - 1 - at : at);
        }
        NDArray out = Axes.pick(Axes.asRows(rows, 2), 0, from).reshape(rows.getShape());
        return Call.dense(timeFirst ? out.swapAxes(0, 1) : out);
    }

    static List<Value> gather(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        ConstantTensor at = call.constant(1);
        long extent = x.getShape().get(axis);
        NDArray picked = Axes.pick(x, axis, positive(at.longs(), extent));
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
        NDArray x = call.array(0);
        ConstantTensor at = call.constant(1);
        Shape indexShape = Call.djl(at.shape());
        int shared = (int) call.attributes().integer("batch_dims", 0);
        int last = indexShape.dimension() - 1;
        int depth = (int) indexShape.get(last);
        Shape within = x.getShape().slice(shared);
        long[] rows = rows(at.longs(), depth, within);
        long batches = x.getShape().slice(0, shared).size();
        for (int i = 0; i < rows.length; i++) {
            rows[i] += i / (rows.length / batches) * within.slice(0, depth).size();
        }
        Shape out = indexShape.slice(0, last).addAll(within.slice(depth));
        return Call.dense(Axes.pick(Axes.asRows(x, shared + depth), 0, rows).reshape(out));
    }

    /**
     * Along a new axis, the second of two values is at each index and the first everywhere else. An index outside the axis leaves
     * the first value throughout.
     */
    static List<Value> oneHot(Call call) {
        ConstantTensor at = call.constant(0);
        long depth = call.constant(1).longs()[0];
        Shape indices = Call.djl(at.shape());
        int axis = Call.axis(call.attributes().integer("axis", -1), indices.dimension() + 1);
        Shape shape = indices.slice(0, axis).add(depth).addAll(indices.slice(axis));
        call.bounded(shape.getShape());
        long inner = indices.slice(axis).size();
        long[] hot = new long[Math.toIntExact(shape.size())];
        long[] wanted = positive(at.longs(), depth);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] >= 0 && wanted[i] < depth) {
                hot[Math.toIntExact((i / inner * depth + wanted[i]) * inner + i % inner)] = 1;
            }
        }
        return Call.dense(Axes.pick(call.array(2), 0, hot).reshape(shape));
    }

    /** Keeps the slices at which the condition, one axis of known truths, holds. */
    static List<Value> compress(Call call) {
        NDArray x = call.array(0);
        long[] condition = call.constant(1).longs();
        boolean flat = !call.attributes().has("axis");
        NDArray from = flat ? x.flatten() : x;
        int axis = flat
                ? 0
                : Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        long[] kept = LongStream.range(0, condition.length)
                .filter(i -> condition[(int) i] != 0)
                .toArray();
        return Call.dense(Axes.pick(from, axis, kept));
    }

    /** Gives the indices too. */
    static List<Value> topK(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", -1), x.getShape().dimension());
        int count = (int)
                (call.has(1) ? call.constant(1).longs()[0] : call.attributes().integer("k", 1));
        boolean largest = call.attributes().integer("largest", 1) == 1;
        boolean sorted = call.attributes().integer("sorted", 1) == 1;
        NDList top = x.topK(count, axis, largest, sorted);
        return List.of(new Value.Dense(top.get(0)), new Value.Dense(top.get(1)));
    }

    /** Everything of the last two axes on one side of a diagonal, 0 elsewhere. */
    static List<Value> triangle(Call call) {
        NDArray x = call.array(0);
        int rank = x.getShape().dimension();
        int rows = Math.toIntExact(x.getShape().get(rank - 2));
        int columns = Math.toIntExact(x.getShape().get(rank - 1));
        long diagonal = call.has(1) ? call.constant(1).longs()[0] : 0;
        boolean upper = call.attributes().integer("upper", 1) == 1;
        boolean[] kept = new boolean[rows * columns];
        for (int i = 0; i < kept.length; i++) {
            int above = i % columns - i / columns;
            kept[i] = upper ? above >= diagonal : above <= diagonal;
        }
        NDArray mask = call.manager().create(kept, new Shape(rows, columns)).broadcast(x.getShape());
        return Call.dense(NDArrays.where(mask, x, x.zerosLike()));
    }

    static List<Value> where(Call call) {
        Shape shape = Axes.together(
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
            at = Axes.reversed(x, axis).argMax(axis).neg().add(x.getShape().get(axis) - 1);
        } else {
            at = x.argMax(axis);
        }
        return Call.dense(call.attributes().integer("keepdims", 1) == 1 ? at.expandDims(axis) : at);
    }

    /** Row numbers of index tuples over the first {@code depth} axes. */
    static long[] rows(long[] tuples, int depth, Shape shape) {
        long[] rows = new long[tuples.length / depth];
        for (int i = 0; i < tuples.length; i++) {
            long extent = shape.get(i % depth);
            long index = tuples[i] < 0 ? tuples[i] + extent : tuples[i];
            rows[i / depth] = rows[i / depth] * extent + index;
        }
        return rows;
    }

    static long[] positive(long[] indices, long extent) {
        return LongStream.of(indices).map(i -> i < 0 ? i + extent : i).toArray();
    }
}
