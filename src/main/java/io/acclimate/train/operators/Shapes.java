package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move values and compute none. */
public final class Shapes {
    private Shapes() {}

    static List<Value> flatten(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", 1), x.getShape().dimension());
        return Call.dense(x.reshape(
                x.getShape().slice(0, axis).size(), x.getShape().slice(axis).size()));
    }

    static List<Value> reshape(Call call) {
        NDArray x = call.array(0);
        long[] extents = call.list("shape", 1);
        for (int i = 0; i < extents.length; i++) {
            if (extents[i] == 0 && call.attributes().integer("allowzero", 0) == 0) {
                extents[i] = x.getShape().get(i);
            }
        }
        return Call.dense(x.reshape(extents));
    }

    static List<Value> transpose(Call call) {
        NDArray x = call.array(0);
        int rank = x.getShape().dimension();
        long[] reversed = IntStream.range(0, rank).mapToLong(i -> rank - 1L - i).toArray();
        return Call.dense(x.transpose(ints(call.attributes().integers("perm", reversed))));
    }

    static List<Value> squeeze(Call call) {
        NDArray x = call.array(0);
        long[] axes = call.list("axes", 1);
        return Call.dense(
                axes.length == 0
                        ? x.squeeze()
                        : x.squeeze(sorted(axes, x.getShape().dimension())));
    }

    static List<Value> unsqueeze(Call call) {
        NDArray x = call.array(0);
        long[] axes = call.list("axes", 1);
        for (int axis : sorted(axes, x.getShape().dimension() + axes.length)) {
            x = x.expandDims(axis);
        }
        return Call.dense(x);
    }

    static List<Value> concat(Call call) {
        NDList parts = new NDList();
        for (int i = 0; i < call.count(); i++) {
            parts.add(call.array(i));
        }
        if (parts.size() == 1) {
            return Call.dense(parts.get(0)); // the engine would copy it and lose its gradient
        }
        int rank = parts.get(0).getShape().dimension();
        return Call.dense(NDArrays.concat(parts, Call.axis(call.attributes().integer("axis", 0), rank)));
    }

    static List<Value> split(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        long[] sizes = call.list("split", 1);
        int parts = call.node().outputs().size();
        long extent = x.getShape().get(axis);
        List<Value> out = new ArrayList<>();
        long from = 0;
        for (int i = 0; i < parts; i++) {
            long even = (extent + parts - 1) / parts;
            long to = Math.min(extent, from + (sizes.length > 0 ? sizes[i] : even));
            out.add(new Value.Dense(range(x, axis, from, to, 1)));
            from = to;
        }
        return out;
    }

    static List<Value> slice(Call call) {
        NDArray x = call.array(0);
        int rank = x.getShape().dimension();
        long[] starts = call.list("starts", 1);
        long[] ends = call.list("ends", 2);
        long[] axes = call.list(
                "axes", 3, IntStream.range(0, starts.length).asLongStream().toArray());
        long[] steps = call.has(4) ? call.constant(4).longs() : new long[0];
        for (int i = 0; i < starts.length; i++) {
            int axis = Call.axis(axes[i], rank);
            long extent = x.getShape().get(axis);
            long step = steps.length > 0 ? steps[i] : 1;
            if (step < 0) {
                long first = Math.max(-1, Math.min(extent - 1, starts[i] < 0 ? starts[i] + extent : starts[i]));
                long stop = Math.max(-1, Math.min(extent - 1, ends[i] < 0 ? ends[i] + extent : ends[i]));
                x = Selection.pick(
                        x,
                        axis,
                        LongStream.iterate(first, at -> at > stop, at -> at + step)
                                .toArray());
                continue;
            }
            long from = Math.max(0, Math.min(extent, starts[i] < 0 ? starts[i] + extent : starts[i]));
            long to = Math.max(from, Math.min(extent, ends[i] < 0 ? ends[i] + extent : ends[i]));
            x = range(x, axis, from, to, step);
        }
        return Call.dense(x);
    }

    public static NDArray range(NDArray x, int axis, long from, long to, long step) {
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; i++) {
            index.addAllDim();
        }
        return x.get(index.addSliceDim(from, to, step).addEllipseDim());
    }

    static List<Value> expand(Call call) {
        NDArray x = call.array(0);
        ai.djl.ndarray.types.Shape wanted =
                new ai.djl.ndarray.types.Shape(call.constant(1).longs());
        call.bounded(together(x.getShape(), wanted).getShape());
        return Call.dense(x.broadcast(together(x.getShape(), wanted)));
    }

    /** What the shapes broadcast to. */
    static ai.djl.ndarray.types.Shape together(ai.djl.ndarray.types.Shape... shapes) {
        long[] out = new long
                [Arrays.stream(shapes)
                        .mapToInt(ai.djl.ndarray.types.Shape::dimension)
                        .max()
                        .orElse(0)];
        Arrays.fill(out, 1);
        for (ai.djl.ndarray.types.Shape each : shapes) {
            int missing = out.length - each.dimension();
            for (int i = missing; i < out.length; i++) {
                out[i] = each.get(i - missing) == 1 ? out[i] : each.get(i - missing);
            }
        }
        return new ai.djl.ndarray.types.Shape(out);
    }

    static List<Value> tile(Call call) {
        NDArray x = call.array(0);
        long[] repeats = call.constant(1).longs();
        long[] extents = x.getShape().getShape().clone();
        if (repeats.length != extents.length) {
            throw call.unsupported("repeats " + repeats.length + " axes of " + extents.length);
        }
        call.bounded(repeats);
        for (int i = 0; i < extents.length; i++) {
            extents[i] *= repeats[i];
        }
        call.bounded(extents);
        return Call.dense(x.tile(repeats));
    }

    static List<Value> depthToSpace(Call call) {
        NDArray x = call.array(0);
        long[] e = x.getShape().getShape();
        long b = call.attributes().integer("blocksize", 1);
        long depth = e[1] / (b * b);
        NDArray out = call.attributes().text("mode", "DCR").equals("DCR")
                ? x.reshape(e[0], b, b, depth, e[2], e[3]).transpose(0, 3, 4, 1, 5, 2)
                : x.reshape(e[0], depth, b, b, e[2], e[3]).transpose(0, 1, 4, 2, 5, 3);
        return Call.dense(out.reshape(e[0], depth, e[2] * b, e[3] * b));
    }

    static List<Value> spaceToDepth(Call call) {
        NDArray x = call.array(0);
        long[] e = x.getShape().getShape();
        long b = call.attributes().integer("blocksize", 1);
        NDArray out = x.reshape(e[0], e[1], e[2] / b, b, e[3] / b, b).transpose(0, 3, 5, 1, 2, 4);
        return Call.dense(out.reshape(e[0], e[1] * b * b, e[2] / b, e[3] / b));
    }

    static List<Value> cast(Call call) {
        DataType to =
                switch ((int) call.attributes().integer("to", 1)) {
                    case 1 -> DataType.FLOAT32;
                    case 6, 7 -> DataType.INT64;
                    case 9 -> DataType.BOOLEAN;
                    default ->
                        throw call.unsupported(
                                "casts to ONNX type " + call.attributes().integer("to", 1));
                };
        return Call.dense(call.array(0).toType(to, false));
    }

    static List<Value> castLike(Call call) {
        return Call.dense(call.array(0).toType(call.array(1).getDataType(), false));
    }

    private static int[] ints(long[] longs) {
        return Arrays.stream(longs).mapToInt(Math::toIntExact).toArray();
    }

    private static int[] sorted(long[] axes, int rank) {
        return Arrays.stream(axes)
                .mapToInt(axis -> Call.axis(axis, rank))
                .sorted()
                .toArray();
    }
}
