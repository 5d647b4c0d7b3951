package io.acclimate.train;

import static io.acclimate.train.OperatorSample.ABSENT;
import static io.acclimate.train.OperatorSample.around;
import static io.acclimate.train.OperatorSample.indices;
import static io.acclimate.train.OperatorSample.longs;
import static io.acclimate.train.OperatorSample.on;

import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The forms that operators had in opset 9 or got after 17, and combinations of attributes that exporters write. */
final class OperatorForms {
    private static final Shape IMAGE = new Shape(1, 2, 3, 3);
    private static final Shape WIDE = new Shape(1, 2, 4, 5);
    private static final Shape MATRIX = new Shape(3, 4);
    private static final Shape NUMBER = new Shape();
    private static final String FROM = "coordinate_transformation_mode";

    private OperatorForms() {}

    static Stream<OperatorSample> all() {
        return Stream.of(older(), newer(), windows(), resizes(), others()).flatMap(each -> each);
    }

    private static Stream<OperatorSample> older() {
        return Stream.of(
                        on("Clip", Map.of("min", -0.1f, "max", 0.05f), MATRIX),
                        on("Pad", Map.of("pads", longs(0, 1, 0, 2), "value", 0.5f), MATRIX),
                        on("Slice", Map.of("starts", longs(1, -3), "ends", longs(9, -1), "axes", longs(0, 1)), MATRIX),
                        on("Squeeze", Map.of("axes", longs(0)), new Shape(1, 3)),
                        on("Unsqueeze", Map.of("axes", longs(0, 3)), MATRIX),
                        on("Split", Map.of("axis", 1L, "split", longs(3, 1)), MATRIX)
                                .outputs(2),
                        on(
                                "BatchNormalization",
                                Map.of("epsilon", 0.1f),
                                IMAGE,
                                new Shape(2),
                                new Shape(2),
                                new Shape(2),
                                around(1, 2)),
                        on("Dropout", Map.of("ratio", 0.5f), MATRIX),
                        on("TopK", Map.of("k", 2L, "axis", 0L), MATRIX),
                        on("Softmax", Map.of("axis", 2L), IMAGE),
                        on("LogSoftmax", IMAGE),
                        on("ReduceMean", Map.of("axes", longs(-1, 1)), IMAGE),
                        on("ReduceMax", Map.of("keepdims", 0L), MATRIX),
                        on("Max", MATRIX, around(0.12, 1, 4), NUMBER),
                        on("Flatten", MATRIX),
                        on("MaxPool", Map.of("kernel_shape", longs(2, 2)), IMAGE),
                        on("Upsample", Map.of("mode", "nearest"), IMAGE, new float[] {1, 1, 2, 3}))
                .map(each -> each.opset(9));
    }

    private static Stream<OperatorSample> newer() {
        return Stream.of(
                on("ReduceMean", IMAGE, longs(2, 3)).opset(18),
                on("ReduceL2", Map.of("keepdims", 0L), IMAGE, longs(-1)).opset(18),
                on("ReduceMax", IMAGE, longs(1)).opset(20),
                on("ReduceSum", Map.of("noop_with_empty_axes", 1L), MATRIX).opset(13),
                on("Split", Map.of("axis", 1L, "num_outputs", 3L), new Shape(2, 5))
                        .opset(18)
                        .outputs(3),
                on("Pad", Map.of("mode", "constant"), IMAGE, longs(1, 2), new float[] {0.5f}, longs(3))
                        .opset(18),
                on("Pad", Map.of("mode", "wrap"), IMAGE, longs(0, 0, 1, 1, 0, 0, 2, 1))
                        .opset(19),
                on("Resize", Map.of("mode", "linear", "axes", longs(2, 3)), IMAGE, ABSENT, new float[] {2, 2})
                        .opset(18),
                on("Resize", Map.of("mode", "linear", FROM, "half_pixel_symmetric"), IMAGE, ABSENT, new float[] {
                            1, 1, 1.5f, 1.5f
                        })
                        .opset(19),
                on("ScatterND", Map.of("reduction", "max"), MATRIX, indices(new Shape(2, 1), 1, 1), new Shape(2, 4))
                        .opset(18),
                on("ScatterND", Map.of("reduction", "mul"), MATRIX, indices(new Shape(2, 1), 1, 1), new Shape(2, 4))
                        .opset(16),
                on("LayerNormalization", Map.of("axis", -2L), IMAGE, new Shape(3, 3), new Shape(3, 3))
                        .opset(17),
                on("Reshape", Map.of("allowzero", 1L), MATRIX, longs(4, 3)).opset(21),
                on("Flatten", Map.of("axis", 0L), IMAGE).opset(21),
                on("Transpose", IMAGE).opset(21),
                on("AveragePool", Map.of("kernel_shape", longs(2, 2), "pads", longs(1, 1, 1, 1)), IMAGE)
                        .opset(22),
                on("Conv", IMAGE, new Shape(2, 2, 2, 2)).opset(22),
                on("Dropout", MATRIX, OperatorSample.numbers(NUMBER, 0.5f)).opset(22),
                on("Gelu", MATRIX).opset(21),
                on("RMSNormalization", Map.of("axis", -2L), IMAGE, new Shape(3, 3))
                        .opset(23),
                on("Swish", Map.of("alpha", 1.5f), MATRIX).opset(24),
                on("Cast", Map.of("to", 1L), MATRIX).opset(21));
    }

    private static Stream<OperatorSample> windows() {
        Shape kernel = new Shape(3, 2, 3, 3);
        return Stream.of(
                on("Conv", Map.of("auto_pad", "SAME_LOWER", "strides", longs(2, 2)), WIDE, kernel),
                on("Conv", Map.of("auto_pad", "VALID"), WIDE, kernel),
                on("Conv", new Shape(1, 2, 3, 3, 2), new Shape(2, 2, 2, 2, 1), new Shape(2)),
                on(
                        "ConvTranspose",
                        Map.of("strides", longs(2, 2), "output_padding", longs(1, 1), "pads", longs(1, 1, 1, 1)),
                        IMAGE,
                        new Shape(2, 3, 3, 3)),
                on(
                        "ConvTranspose",
                        Map.of("strides", longs(2, 2), "output_shape", longs(7, 6)),
                        IMAGE,
                        new Shape(2, 1, 3, 3)),
                on("ConvTranspose", Map.of("dilations", longs(2)), new Shape(1, 2, 3), new Shape(2, 2, 2)),
                strided("MaxPool", Map.of("ceil_mode", 1L)),
                on(
                        "MaxPool",
                        Map.of("kernel_shape", longs(3, 3), "auto_pad", "SAME_LOWER", "strides", longs(2, 2)),
                        WIDE),
                on("MaxPool", Map.of("kernel_shape", longs(2)), new Shape(1, 2, 5)),
                on("MaxPool", Map.of("kernel_shape", longs(2, 2, 2)), new Shape(1, 1, 3, 3, 3)),
                strided("AveragePool", Map.of("ceil_mode", 1L)),
                strided("AveragePool", Map.of("count_include_pad", 1L)),
                strided("AveragePool", Map.of("ceil_mode", 1L, "count_include_pad", 1L)),
                on("AveragePool", Map.of("kernel_shape", longs(2, 2), "auto_pad", "SAME_UPPER"), WIDE),
                on(
                        "AveragePool",
                        Map.of("kernel_shape", longs(2), "strides", longs(2), "pads", longs(0, 1)),
                        new Shape(1, 2, 4)),
                on("GlobalAveragePool", new Shape(2, 2, 3)));
    }

    /** A window of 3 x 3 at every second place. */
    private static OperatorSample strided(String type, Map<String, Object> more) {
        Map<String, Object> attributes = new HashMap<>(more);
        attributes.putAll(Map.of("kernel_shape", longs(3, 3), "strides", longs(2, 2), "pads", longs(1, 1, 1, 1)));
        return on(type, attributes, WIDE);
    }

    private static Stream<OperatorSample> resizes() {
        return Stream.of(
                larger(Map.of("mode", "linear")),
                resized(Map.of("mode", "linear"), 3, 8),
                resized(Map.of("mode", "linear", FROM, "align_corners"), 7, 3),
                larger(Map.of("mode", "linear", FROM, "pytorch_half_pixel")),
                larger(Map.of("mode", "linear", FROM, "asymmetric")),
                larger(Map.of(FROM, "asymmetric", "nearest_mode", "floor")),
                resized(Map.of(FROM, "half_pixel", "nearest_mode", "ceil"), 3, 8),
                resized(Map.of("mode", "cubic", FROM, "align_corners", "cubic_coeff_a", -0.5f), 6, 7),
                scaled(Map.of("mode", "cubic", "exclude_outside", 1L), 0.6f, 2));
    }

    private static OperatorSample larger(Map<String, Object> attributes) {
        return scaled(attributes, 2, 1.5f);
    }

    private static OperatorSample scaled(Map<String, Object> attributes, float down, float across) {
        return on("Resize", attributes, WIDE, ABSENT, new float[] {1, 1, down, across});
    }

    private static OperatorSample resized(Map<String, Object> attributes, long height, long width) {
        return on("Resize", attributes, WIDE, ABSENT, ABSENT, longs(1, 2, height, width));
    }

    private static Stream<OperatorSample> others() {
        return Stream.of(
                on("Add", MATRIX, NUMBER),
                on("Mul", NUMBER, MATRIX),
                on("Sub", new Shape(3, 1), new Shape(4)),
                on("Div", MATRIX, around(2)),
                on("Pow", around(2, 3), longs(3)),
                on("Pow", MATRIX, new float[] {2}),
                on("Mod", Map.of("fmod", 1L), around(5, 3), around(-2, 3)),
                on("MatMul", new Shape(4), new Shape(2, 4, 3)),
                on("MatMul", new Shape(4), new Shape(4)),
                on("Gemm", MATRIX, new Shape(4, 2), NUMBER),
                on("Selu", Map.of("alpha", 1.2f, "gamma", 0.8f), MATRIX),
                on("PRelu", IMAGE, new Shape(1)),
                on("Softplus", around(60, 3)),
                on("Mish", around(-40, 3)).opset(18),
                on("Gelu", around(-8, 3)).opset(20),
                on("Softmax", new Shape(5)),
                on("Asinh", around(-30, 3)),
                on("InstanceNormalization", new Shape(2, 2, 4), new Shape(2), new Shape(2)),
                on("LRN", Map.of("size", 5L, "alpha", 0.5f, "beta", 0.5f, "bias", 2f), IMAGE),
                on("Gather", Map.of("axis", -1L), MATRIX, indices(new Shape(2, 2), -1, 0, 1, 1)),
                on("Gather", Map.of("axis", 1L), MATRIX, indices(new Shape(), 2)),
                on("Expand", new Shape(3, 1), longs(2, 1, 4)),
                on("DepthToSpace", Map.of("blocksize", 2L, "mode", "CRD"), new Shape(1, 4, 2, 3)),
                on("CumSum", MATRIX, longs(-1)),
                on("Trilu", Map.of("upper", 0L), MATRIX, longs(-1)),
                on("Slice", MATRIX, longs(-1), longs(-99), longs(1), longs(-2)),
                on("Squeeze", new Shape(1, 3, 1)),
                on("Concat", Map.of("axis", -2L), MATRIX, new Shape(1, 4), new Shape(2, 4)),
                on("ReduceLogSumExp", Map.of("keepdims", 0L), around(90, 3, 4)),
                on("ReduceL1", MATRIX),
                on("ReduceProd", MATRIX),
                on("GridSample", Map.of("padding_mode", "border", "align_corners", 1L), IMAGE, around(0.7, 1, 1, 2, 2)),
                on("GridSample", Map.of("padding_mode", "zeros"), IMAGE, around(1.1, 1, 1, 2, 2)),
                on(
                        "SoftmaxCrossEntropyLoss",
                        Map.of("reduction", "none"),
                        new Shape(2, 3, 2),
                        indices(new Shape(2, 2), 0, 2, 1, 1)),
                on("RNN", Map.of("hidden_size", 2L), new Shape(2, 1, 2), new Shape(1, 2, 2), new Shape(1, 2, 2))
                        .outputs(2),
                on("Einsum", Map.of("equation", "ii->i"), new Shape(3, 3)),
                on("Einsum", Map.of("equation", "...ij,...jk->...ik"), new Shape(1, 2, 3), new Shape(3, 3, 2)),
                on("Einsum", Map.of("equation", "i,j"), new Shape(3), new Shape(2)));
    }
}
