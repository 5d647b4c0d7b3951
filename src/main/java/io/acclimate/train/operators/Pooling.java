package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Pooling over windows of 1, 2 or 3 spatial axes, and over all of them. */
final class Pooling {
    private Pooling() {}

    static void addTo(Map<String, Operator> table) {
        table.put("MaxPool", Pooling::max);
        table.put("AveragePool", Pooling::average);
        table.put("GlobalAveragePool", Pooling::globalAverage);
        table.put("GlobalMaxPool", Pooling::globalMax);
        table.put("LpPool", Pooling::norm);
        table.put("GlobalLpPool", Pooling::globalNorm);
    }

    static List<Value> max(Call call) {
        Window window = window(call);
        boolean ceil = call.attributes().integer("ceil_mode", 0) == 1;
        if (window.dilated()) {
            return Call.dense(dilatedMax(call.array(0), window, ceil));
        }
        NDArray input = window.poolable() ? call.array(0) : window.pad(call.array(0), Float.NEGATIVE_INFINITY);
        Shape padding = window.poolable() ? window.begin() : window.none();
        return Call.dense(
                switch (window.kernel().dimension()) {
                    case 1 -> Pool.maxPool1d(input, window.kernel(), window.stride(), padding, ceil);
                    case 2 -> Pool.maxPool2d(input, window.kernel(), window.stride(), padding, ceil);
                    case 3 -> Pool.maxPool3d(input, window.kernel(), window.stride(), padding, ceil);
                    default -> throw call.unsupported("has " + window.kernel().dimension() + " spatial axes");
                });
    }

    static List<Value> average(Call call) {
        Window window = window(call);
        boolean ceil = call.attributes().integer("ceil_mode", 0) == 1;
        if (window.dilated()) {
            throw call.unsupported("averages a dilated window");
        }
        boolean countPads = call.attributes().integer("count_include_pad", 0) == 1;
        NDArray input = call.array(0);
        if (window.poolable() && (countPads || !window.padded())) {
            return Call.dense(average(call, input, window, window.begin(), ceil, countPads));
        }
        // The engine counts pads whatever it is told, so the share of true values corrects it.
        NDArray sums = average(call, window.pad(input, 0), window, window.none(), ceil, true);
        if (countPads) {
            return Call.dense(sums);
        }
        NDArray share = average(call, window.pad(input.onesLike(), 0), window, window.none(), ceil, true);
        return Call.dense(sums.div(share));
    }

    private static NDArray average(
            Call call, NDArray input, Window window, Shape padding, boolean ceil, boolean countPads) {
        return switch (window.kernel().dimension()) {
            case 1 -> Pool.avgPool1d(input, window.kernel(), window.stride(), padding, ceil, countPads);
            case 2 -> Pool.avgPool2d(input, window.kernel(), window.stride(), padding, ceil, countPads);
            case 3 -> Pool.avgPool3d(input, window.kernel(), window.stride(), padding, ceil, countPads);
            default -> throw call.unsupported("has " + window.kernel().dimension() + " spatial axes");
        };
    }

    /** Axis by axis, the largest of the shifted and strided copies. */
    private static NDArray dilatedMax(NDArray input, Window window, boolean ceil) {
        NDArray x = window.pad(input, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < window.kernel().dimension(); i++) {
            long stride = window.stride().get(i);
            long dilation = window.dilation().get(i);
            long reach = (window.kernel().get(i) - 1) * dilation;
            long room = x.getShape().get(i + 2) - reach - 1;
            long count = (ceil ? (room + stride - 1) / stride : room / stride) + 1;
            long needed = (count - 1) * stride + reach + 1;
            long missing = Math.max(0, needed - x.getShape().get(i + 2));
            x = Padding.padded(x, i + 2, 0, missing, Float.NEGATIVE_INFINITY);
            NDArray out = Axes.range(x, i + 2, 0, (count - 1) * stride + 1, stride);
            for (long at = dilation; at <= reach; at += dilation) {
                out = out.maximum(Axes.range(x, i + 2, at, at + (count - 1) * stride + 1, stride));
            }
            x = out;
        }
        return x;
    }

    /** {@code (Σ |x|^p)^(1/p)} over a window; pads count as 0. */
    static List<Value> norm(Call call) {
        Window window = window(call);
        if (window.dilated()) {
            throw call.unsupported("pools a dilated window");
        }
        double p = call.attributes().integer("p", 2);
        boolean ceil = call.attributes().integer("ceil_mode", 0) == 1;
        NDArray powers = window.pad(Scalars.power(call.array(0).abs(), p), 0);
        NDArray mean = average(call, powers, window, window.none(), ceil, true);
        return Call.dense(
                Scalars.power(Scalars.times(mean, (double) window.kernel().size()), 1 / p));
    }

    static List<Value> globalNorm(Call call) {
        double p = call.attributes().integer("p", 2);
        NDArray powers = Scalars.power(call.array(0).abs(), p);
        return Call.dense(Scalars.power(powers.sum(spatial(powers), true), 1 / p));
    }

    private static Window window(Call call) {
        return Window.of(
                call, call.attributes().integers("kernel_shape"), call.array(0).getShape());
    }

    static List<Value> globalAverage(Call call) {
        return Call.dense(Reductions.mean(call.array(0), spatial(call.array(0))));
    }

    static List<Value> globalMax(Call call) {
        return Call.dense(
                Reductions.along(call.array(0), spatial(call.array(0)), (x, axis) -> x.max(new int[] {axis}, true)));
    }

    static int[] spatial(NDArray array) {
        return IntStream.range(2, array.getShape().dimension()).toArray();
    }
}
