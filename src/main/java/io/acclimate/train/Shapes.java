package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ConstantTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move values and compute none. */
final class Shapes {
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

    static NDArray range(NDArray x, int axis, long from, long to, long step) {
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

    static List<Value> pad(Call call) {
        NDArray x = call.array(0);
        int rank = x.getShape().dimension();
        long[] pads = call.list("pads", 1);
        int count = pads.length / 2;
        long[] axes = call.has(3)
                ? call.constant(3).longs()
                : IntStream.range(0, count).asLongStream().toArray();
        float value =
                call.has(2) ? call.constant(2).floats()[0] : call.attributes().real("value", 0);
        String mode = call.attributes().text("mode", "constant");
        for (int i = 0; i < count; i++) {
            int axis = Call.axis(axes[i], rank);
            long before = pads[i];
            long after = pads[count + i];
            long extent = x.getShape().get(axis);
            if (before == 0 && after == 0) {
                continue;
            }
            long[] extents = x.getShape().getShape().clone();
            extents[axis] = Math.addExact(Math.addExact(extent, before), after);
            call.bounded(extents);
            if (mode.equals("constant")) {
                x = padded(x, axis, before, after, value);
            } else {
                long[] from = LongStream.range(-before, extent + after)
                        .map(at -> mirrored(call, mode, at, extent))
                        .toArray();
                x = Selection.pick(x, axis, from);
            }
        }
        return Call.dense(x);
    }

    private static long mirrored(Call call, String mode, long at, long extent) {
        return switch (mode) {
            case "edge" -> Math.max(0, Math.min(extent - 1, at));
            case "reflect" -> {
                long period = Math.max(1, 2 * (extent - 1));
                long within = Math.floorMod(at, period);
                yield within < extent ? within : period - within;
            }
            case "wrap" -> Math.floorMod(at, extent);
            default -> throw call.unsupported("pads by mode '" + mode + "'");
        };
    }

    /** A negative pad cuts. */
    static NDArray padded(NDArray x, int axis, long before, long after, double value) {
        long extent = x.getShape().get(axis);
        NDArray cut =
                before < 0 || after < 0 ? range(x, axis, Math.max(0, -before), extent + Math.min(0, after), 1) : x;
        if (before <= 0 && after <= 0) {
            return cut;
        }
        long[] innermostFirst = new long[2 * (x.getShape().dimension() - axis)];
        innermostFirst[innermostFirst.length - 2] = Math.max(0, before);
        innermostFirst[innermostFirst.length - 1] = Math.max(0, after);
        return cut.pad(new ai.djl.ndarray.types.Shape(innermostFirst), value);
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

    static List<Value> shape(Call call) {
        long[] extents = call.array(0).getShape().getShape();
        int rank = extents.length;
        int start = within(call.attributes().integer("start", 0), rank);
        int end = Math.max(start, within(call.attributes().integer("end", rank), rank));
        return List.of(new Value.Fixed(
                ConstantTensor.ofLongs(Shape.of(end - start), Arrays.copyOfRange(extents, start, end))));
    }

    private static int within(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    static List<Value> size(Call call) {
        long size = call.array(0).getShape().size();
        return List.of(new Value.Fixed(ConstantTensor.ofLongs(Shape.of(), new long[] {size})));
    }

    static List<Value> constantOfShape(Call call) {
        long[] extents = call.constant(0).longs();
        ConstantTensor value = call.attributes()
                .tensor("value")
                .orElseGet(() -> ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(1), new float[1])));
        call.bounded(extents);
        Shape shape =
                new Shape(Arrays.stream(extents).mapToObj(Math::toIntExact).toList());
        if (value.integral()) {
            long[] filled = new long[(int) shape.elements()];
            Arrays.fill(filled, value.longs()[0]);
            return List.of(new Value.Fixed(ConstantTensor.ofLongs(shape, filled)));
        }
        float[] filled = new float[(int) shape.elements()];
        Arrays.fill(filled, value.floats()[0]);
        return List.of(new Value.Fixed(ConstantTensor.ofFloats(FloatTensor.wrap(shape, filled))));
    }

    static List<Value> range(Call call) {
        ConstantTensor start = call.constant(0);
        if (!start.integral()) {
            float from = start.floats()[0];
            float to = call.constant(1).floats()[0];
            float by = call.constant(2).floats()[0];
            call.bounded((long) Math.max(0, Math.ceil((to - from) / by)));
            return floatRange(from, to, by);
        }
        long step = call.constant(2).longs()[0];
        long limit = call.constant(1).longs()[0];
        call.bounded(step == 0 ? -1 : Math.max(0, Math.subtractExact(limit, start.longs()[0]) / step));
        long[] values = LongStream.iterate(start.longs()[0], at -> step > 0 ? at < limit : at > limit, at -> at + step)
                .toArray();
        return List.of(new Value.Fixed(ConstantTensor.ofLongs(Shape.of(values.length), values)));
    }

    private static List<Value> floatRange(float start, float limit, float step) {
        float[] values = new float[Math.max(0, (int) Math.ceil((limit - start) / step))];
        for (int i = 0; i < values.length; i++) {
            values[i] = start + i * step;
        }
        return List.of(new Value.Fixed(ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(values.length), values))));
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
