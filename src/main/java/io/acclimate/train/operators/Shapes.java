package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.acclimate.onnx.shape.SliceRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move values and compute none. */
public final class Shapes {
    private Shapes() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Flatten", Shapes::flatten);
        table.put("Reshape", Shapes::reshape);
        table.put("Transpose", Shapes::transpose);
        table.put("Squeeze", Shapes::squeeze);
        table.put("Unsqueeze", Shapes::unsqueeze);
        table.put("Concat", Shapes::concat);
        table.put("Split", Shapes::split);
        table.put("Slice", Shapes::slice);
        table.put("Expand", Shapes::expand);
        table.put("Tile", Shapes::tile);
        table.put("DepthToSpace", Shapes::depthToSpace);
        table.put("SpaceToDepth", Shapes::spaceToDepth);
        table.put("Cast", Shapes::cast);
        table.put("CastLike", Shapes::castLike);
    }

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
            out.add(new Value.Dense(Axes.range(x, axis, from, to, 1)));
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
            SliceRange taken =
                    SliceRange.of(x.getShape().get(axis), starts[i], ends[i], steps.length > 0 ? steps[i] : 1);
            x = taken.step() < 0
                    ? Axes.pick(
                            x,
                            axis,
                            LongStream.range(0, taken.count()).map(taken::at).toArray())
                    : Axes.range(
                            x,
                            axis,
                            taken.start(),
                            Math.max(taken.start(), taken.at(taken.count() - 1) + 1),
                            taken.step());
        }
        return Call.dense(x);
    }

    static List<Value> expand(Call call) {
        NDArray x = call.array(0);
        ai.djl.ndarray.types.Shape wanted =
                new ai.djl.ndarray.types.Shape(call.constant(1).longs());
        call.bounded(Axes.together(x.getShape(), wanted).getShape());
        return Call.dense(x.broadcast(Axes.together(x.getShape(), wanted)));
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
