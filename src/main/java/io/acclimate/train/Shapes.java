package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ConstantTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
            if (step < 1) {
                throw call.unsupported("slices backwards");
            }
            long from = Math.max(0, Math.min(extent, starts[i] < 0 ? starts[i] + extent : starts[i]));
            long to = Math.max(from, Math.min(extent, ends[i] < 0 ? ends[i] + extent : ends[i]));
            x = range(x, axis, from, to, step);
        }
        return Call.dense(x);
    }

    private static NDArray range(NDArray x, int axis, long from, long to, long step) {
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; i++) {
            index.addAllDim();
        }
        return x.get(index.addSliceDim(from, to, step).addEllipseDim());
    }

    static List<Value> gather(Call call) {
        NDArray x = call.array(0);
        int axis = Call.axis(call.attributes().integer("axis", 0), x.getShape().dimension());
        long extent = x.getShape().get(axis);
        ConstantTensor at = call.constant(1);
        NDList parts = new NDList();
        for (long index : at.longs()) {
            long from = index < 0 ? index + extent : index;
            parts.add(range(x, axis, from, from + 1, 1));
        }
        long[] extents = x.getShape().getShape();
        long[] out = new long[extents.length - 1 + at.shape().rank()];
        System.arraycopy(extents, 0, out, 0, axis);
        for (int i = 0; i < at.shape().rank(); i++) {
            out[axis + i] = at.shape().extent(i);
        }
        System.arraycopy(extents, axis + 1, out, axis + at.shape().rank(), extents.length - axis - 1);
        return Call.dense(NDArrays.concat(parts, axis).reshape(out));
    }

    static List<Value> expand(Call call) {
        NDArray x = call.array(0);
        long[] wanted = call.constant(1).longs();
        long[] own = x.getShape().getShape();
        long[] out = new long[Math.max(wanted.length, own.length)];
        for (int i = 1; i <= out.length; i++) {
            long a = i <= wanted.length ? wanted[wanted.length - i] : 1;
            long b = i <= own.length ? own[own.length - i] : 1;
            out[out.length - i] = Math.max(a, b);
        }
        return Call.dense(x.broadcast(out));
    }

    static List<Value> tile(Call call) {
        return Call.dense(call.array(0).tile(call.constant(1).longs()));
    }

    static List<Value> pad(Call call) {
        String mode = call.attributes().text("mode", "constant");
        long[] pads = call.list("pads", 1);
        if (!mode.equals("constant") || Arrays.stream(pads).anyMatch(each -> each < 0) || call.has(3)) {
            throw call.unsupported("pads by mode '" + mode + "', negatively or on named axes");
        }
        float value =
                call.has(2) ? call.constant(2).floats()[0] : call.attributes().real("value", 0);
        int rank = pads.length / 2;
        long[] innermostFirst = new long[pads.length];
        for (int i = 0; i < rank; i++) {
            innermostFirst[2 * i] = pads[rank - 1 - i];
            innermostFirst[2 * i + 1] = pads[2 * rank - 1 - i];
        }
        return Call.dense(call.array(0).pad(new ai.djl.ndarray.types.Shape(innermostFirst), value));
    }

    static List<Value> cast(Call call) {
        if (call.attributes().integer("to", 1) != 1) {
            throw call.unsupported("casts to something else than float32");
        }
        return Call.dense(call.array(0).toType(DataType.FLOAT32, false));
    }

    static List<Value> shape(Call call) {
        long[] extents = call.array(0).getShape().getShape();
        int start = Call.axis(call.attributes().integer("start", 0), extents.length);
        int end = Math.min(extents.length, Call.axis(call.attributes().integer("end", extents.length), extents.length));
        return List.of(new Value.Fixed(
                ConstantTensor.ofLongs(Shape.of(end - start), Arrays.copyOfRange(extents, start, end))));
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
