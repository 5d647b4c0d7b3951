package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Values around a tensor: constant, or its own again. */
final class Padding {
    private Padding() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Pad", Padding::pad);
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
                x = Axes.pick(x, axis, from);
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
                before < 0 || after < 0 ? Axes.range(x, axis, Math.max(0, -before), extent + Math.min(0, after), 1) : x;
        if (before <= 0 && after <= 0) {
            return cut;
        }
        long[] innermostFirst = new long[2 * (x.getShape().dimension() - axis)];
        innermostFirst[innermostFirst.length - 2] = Math.max(0, before);
        innermostFirst[innermostFirst.length - 1] = Math.max(0, after);
        return cut.pad(new ai.djl.ndarray.types.Shape(innermostFirst), value);
    }
}
