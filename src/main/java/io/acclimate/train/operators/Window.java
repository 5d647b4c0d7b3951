package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * The sliding window of a convolution or pooling: strides, dilations and pads per spatial axis as ONNX states them.
 * PyTorch pads both sides alike, so unequal pads are laid around the input first.
 */
record Window(Shape kernel, Shape stride, Shape dilation, Shape begin, Shape end) {
    /** The largest number of any of them: beyond it, native code has been seen to read outside its arrays. */
    private static final long MOST = 1 << 16;

    static Window of(Call call, long[] kernel, Shape input) {
        int axes = kernel.length;
        if (axes < 1 || axes != input.dimension() - 2) {
            throw call.unsupported("slides a window of " + axes + " axes over an input of shape " + input);
        }
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        long[] stride = call.attributes().integers("strides", ones);
        long[] dilation = call.attributes().integers("dilations", ones);
        long[] pads = call.attributes().integers("pads", new long[2 * axes]);
        String auto = call.attributes().text("auto_pad", "NOTSET");
        if (stride.length != axes || dilation.length != axes || pads.length != 2 * axes) {
            throw call.unsupported("has strides, dilations or pads for other than " + axes + " axes");
        }
        long[] begin = Arrays.copyOfRange(pads, 0, axes);
        long[] end = Arrays.copyOfRange(pads, axes, 2 * axes);
        if (auto.startsWith("SAME")) {
            for (int i = 0; i < axes; i++) {
                long extent = input.get(i + 2);
                long out = (extent + stride[i] - 1) / stride[i];
                long total = Math.max(0, (out - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 - extent);
                begin[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                end[i] = total - begin[i];
            }
        }
        long[] padded = input.getShape().clone();
        for (int i = 0; i < axes; i++) {
            padded[i + 2] += begin[i] + end[i];
            boolean sane = within(kernel[i], 1)
                    && within(stride[i], 1)
                    && within(dilation[i], 1)
                    && within(begin[i], 0)
                    && within(end[i], 0);
            if (!sane) {
                throw call.unsupported("has a kernel, stride, dilation or pad outside 0 to " + MOST);
            }
        }
        call.bounded(padded);
        return new Window(new Shape(kernel), new Shape(stride), new Shape(dilation), new Shape(begin), new Shape(end));
    }

    private static boolean within(long value, long least) {
        return value >= least && value <= MOST;
    }

    boolean symmetric() {
        return begin.equals(end);
    }

    boolean padded() {
        return begin.size() != 0 || end.size() != 0 || !symmetric();
    }

    boolean dilated() {
        return Arrays.stream(dilation.getShape()).anyMatch(each -> each != 1);
    }

    /** PyTorch's pooling takes at most half a window of padding. */
    boolean poolable() {
        for (int i = 0; i < kernel.dimension(); i++) {
            if (begin.get(i) > kernel.get(i) / 2) {
                return false;
            }
        }
        return symmetric();
    }

    Shape none() {
        return new Shape(new long[kernel.dimension()]);
    }

    NDArray pad(NDArray input, double value) {
        int axes = kernel.dimension();
        long[] innermostFirst = new long[2 * axes];
        for (int i = 0; i < axes; i++) {
            innermostFirst[2 * i] = begin.get(axes - 1 - i);
            innermostFirst[2 * i + 1] = end.get(axes - 1 - i);
        }
        return input.pad(new Shape(innermostFirst), value);
    }
}
