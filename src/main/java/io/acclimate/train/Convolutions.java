package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Conv} over 1, 2 or 3 spatial axes, with groups, dilation and any padding. */
final class Convolutions {
    private Convolutions() {}

    static List<Value> convolution(Call call) {
        NDArray input = call.array(0);
        NDArray weight = call.array(1);
        @Nullable NDArray bias = call.has(2) ? call.array(2) : null;
        long[] extents = weight.getShape().getShape();
        Window window = Window.of(call, Arrays.copyOfRange(extents, 2, extents.length), input.getShape());
        Shape padding = window.symmetric() ? window.begin() : window.none();
        NDArray padded = window.symmetric() ? input : window.pad(input, 0);
        int groups = (int) call.attributes().integer("group", 1);
        NDList out =
                switch (extents.length) {
                    case 3 -> Conv1d.conv1d(padded, weight, bias, window.stride(), padding, window.dilation(), groups);
                    case 4 -> Conv2d.conv2d(padded, weight, bias, window.stride(), padding, window.dilation(), groups);
                    case 5 -> Conv3d.conv3d(padded, weight, bias, window.stride(), padding, window.dilation(), groups);
                    default -> throw call.unsupported("has " + (extents.length - 2) + " spatial axes");
                };
        return Call.dense(out.singletonOrThrow());
    }
}
