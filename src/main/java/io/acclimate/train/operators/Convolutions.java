package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code Conv} and {@code ConvTranspose} over 1, 2 or 3 spatial axes, with groups, dilation and any padding. */
final class Convolutions {
    private Convolutions() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Conv", Convolutions::convolution);
        table.put("ConvTranspose", Convolutions::transposed);
    }

    static List<Value> convolution(Call call) {
        NDArray input = call.array(0);
        NDArray weight = call.array(1);
        @Nullable NDArray bias = call.has(2) ? call.array(2) : null;
        long[] extents = weight.getShape().getShape();
        Window window = Window.of(call, Arrays.copyOfRange(extents, 2, extents.length), input.getShape());
        Shape padding = window.symmetric() ? window.begin() : window.none();
        NDArray padded = window.symmetric() ? input : window.pad(input, 0);
        int groups = (int) call.attributes().integer("group", 1);
        return Call.dense(slid(call, padded, weight, bias, window.stride(), padding, window.dilation(), groups));
    }

    private static NDArray slid(
            Call call,
            NDArray input,
            NDArray weight,
            @Nullable NDArray bias,
            Shape stride,
            Shape padding,
            Shape dilation,
            int groups) {
        int axes = stride.dimension();
        NDList out =
                switch (axes) {
                    case 1 -> Conv1d.conv1d(input, weight, bias, stride, padding, dilation, groups);
                    case 2 -> Conv2d.conv2d(input, weight, bias, stride, padding, dilation, groups);
                    case 3 -> Conv3d.conv3d(input, weight, bias, stride, padding, dilation, groups);
                    default -> throw call.unsupported("has " + axes + " spatial axes");
                };
        return out.singletonOrThrow();
    }

    /**
     * The engine has none of its own: the input, with stride − 1 zeros between its values, is convolved with the mirrored
     * kernel whose channel axes are swapped.
     */
    static List<Value> transposed(Call call) {
        NDArray x = call.array(0);
        NDArray weight = call.array(1);
        long[] extents = weight.getShape().getShape().clone();
        int axes = extents.length - 2;
        long[] kernel = Arrays.copyOfRange(extents, 2, extents.length);
        Window window = Window.of(call, kernel, x.getShape());
        int groups = (int) call.attributes().integer("group", 1);
        for (int i = 0; i < axes; i++) {
            weight = Axes.reversed(weight, i + 2);
            x = spread(call, x, window, i);
        }
        long[] grouped = new long[extents.length + 1];
        System.arraycopy(extents, 1, grouped, 2, extents.length - 1);
        grouped[0] = groups;
        grouped[1] = extents[0] / groups;
        long perGroup = extents[1];
        extents[0] = perGroup * groups;
        extents[1] = grouped[1];
        NDArray swapped = weight.reshape(grouped).swapAxes(1, 2).reshape(extents);
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        @Nullable NDArray bias = call.has(2) ? call.array(2) : null;
        return Call.dense(slid(call, x, swapped, bias, new Shape(ones), window.none(), window.dilation(), groups));
    }

    private static NDArray spread(Call call, NDArray x, Window window, int i) {
        int axis = i + 2;
        long extent = x.getShape().get(axis);
        long stride = window.stride().get(i);
        long reach = (window.kernel().get(i) - 1) * window.dilation().get(i);
        long[] none = new long[window.kernel().dimension()];
        long extra = call.attributes().integers("output_padding", none)[i];
        long natural = (extent - 1) * stride + reach + 1;
        long begin = window.begin().get(i);
        long end = window.end().get(i) - extra;
        String auto = call.attributes().text("auto_pad", "NOTSET");
        long[] wanted = call.attributes().integers("output_shape");
        if (wanted.length > 0 || auto.startsWith("SAME")) {
            long out = wanted.length > 0 ? wanted[wanted.length - none.length + i] : extent * stride;
            long total = Math.max(0, natural + extra - out);
            begin = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
            end = natural - out - begin;
        }
        long[] extents = x.getShape().getShape().clone();
        extents[axis] = Math.max(natural, reach - begin + (extent - 1) * stride + 1 + reach - end);
        call.bounded(extents);
        if (stride > 1) {
            long[] from = new long[(int) ((extent - 1) * stride + 1)];
            Arrays.fill(from, extent);
            for (int at = 0; at < extent; at++) {
                from[(int) (at * stride)] = at;
            }
            x = Axes.pick(Padding.padded(x, axis, 0, 1, 0), axis, from);
        }
        return Padding.padded(x, axis, reach - begin, reach - end, 0);
    }
}
