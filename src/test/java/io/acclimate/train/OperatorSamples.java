package io.acclimate.train;

import static io.acclimate.train.OperatorSample.around;
import static io.acclimate.train.OperatorSample.indices;
import static io.acclimate.train.OperatorSample.longs;
import static io.acclimate.train.OperatorSample.on;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.stream.Stream;

/** At least one case for each operator of the table that has a gradient, by family; and why the others have none. */
final class OperatorSamples {
    private static final Shape IMAGE = new Shape(2, 4, 3, 3);
    private static final Shape CHANNELS = new Shape(4);
    private static final Shape MATRIX = new Shape(3, 4);

    /** Operators of the table without a case. */
    static final Map<String, String> WITHOUT = Map.ofEntries(
            Map.entry("And", "gives truth values"),
            Map.entry("ArgMax", "gives indices"),
            Map.entry("ArgMin", "gives indices"),
            Map.entry("Ceil", "constant by pieces"),
            Map.entry("Constant", "has no input"),
            Map.entry("ConstantOfShape", "reads a shape"),
            Map.entry("Equal", "gives truth values"),
            Map.entry("Floor", "constant by pieces"),
            Map.entry("Greater", "gives truth values"),
            Map.entry("GreaterOrEqual", "gives truth values"),
            Map.entry("Hardmax", "constant by pieces"),
            Map.entry("IsInf", "gives truth values"),
            Map.entry("IsNaN", "gives truth values"),
            Map.entry("Less", "gives truth values"),
            Map.entry("LessOrEqual", "gives truth values"),
            Map.entry("Not", "gives truth values"),
            Map.entry("Or", "gives truth values"),
            Map.entry("Range", "reads constants"),
            Map.entry("Round", "constant by pieces"),
            Map.entry("Shape", "gives a shape"),
            Map.entry("Sign", "constant by pieces"),
            Map.entry("Size", "gives a shape"),
            Map.entry("Xor", "gives truth values"));

    private OperatorSamples() {}

    static Stream<OperatorSample> all() {
        return Stream.of(
                        windows(),
                        matrices(),
                        normalizations(),
                        elements(),
                        activations(),
                        losses(),
                        recurrences(),
                        moves(),
                        picks(),
                        reductions())
                .flatMap(each -> each);
    }

    private static Stream<OperatorSample> windows() {
        Shape kernel = new Shape(3, 4, 2, 2);
        Map<String, Object> strided =
                Map.of("kernel_shape", longs(2, 2), "strides", longs(2, 1), "pads", longs(1, 0, 0, 1));
        return Stream.of(
                on("Conv", IMAGE, kernel, new Shape(3)),
                on("Conv", Map.of("pads", longs(1, 0, 0, 1), "strides", longs(2, 1)), IMAGE, kernel),
                on("Conv", Map.of("dilations", longs(2, 2), "group", 2L), IMAGE, new Shape(4, 2, 2, 2)),
                on("Conv", Map.of("auto_pad", "SAME_UPPER"), new Shape(1, 2, 5), new Shape(3, 2, 3)),
                on("ConvTranspose", Map.of("strides", longs(2, 2), "group", 2L), IMAGE, new Shape(4, 3, 3, 3)),
                on("ConvTranspose", Map.of("pads", longs(1, 0, 1, 2)), IMAGE, new Shape(4, 2, 3, 3), new Shape(2)),
                on("MaxPool", strided, IMAGE),
                on("MaxPool", Map.of("kernel_shape", longs(2, 2), "dilations", longs(2, 2)), IMAGE),
                on("AveragePool", strided, IMAGE),
                on("AveragePool", Map.of("kernel_shape", longs(2, 2), "strides", longs(2, 2), "ceil_mode", 1L), IMAGE),
                on("GlobalAveragePool", IMAGE),
                on("GlobalMaxPool", IMAGE),
                on("LpPool", strided, IMAGE),
                on("GlobalLpPool", Map.of("p", 3L), IMAGE),
                on("GridSample", IMAGE, around(0.3, 2, 1, 2, 2)),
                on(
                        "GridSample",
                        Map.of("mode", "bicubic", "padding_mode", "reflection"),
                        IMAGE,
                        around(0.8, 2, 1, 2, 2)),
                on(
                        "GridSample",
                        Map.of("mode", "nearest"),
                        IMAGE,
                        OperatorSample.numbers(new Shape(2, 1, 1, 2), 0, 1, -0.5f, 0)),
                on(
                        "MaxUnpool",
                        Map.of("kernel_shape", longs(2), "strides", longs(2)),
                        new Shape(1, 2, 2),
                        indices(new Shape(1, 2, 2), 1, 2, 4, 7)),
                on("Upsample", Map.of("mode", "linear"), IMAGE, new float[] {1, 1, 2, 2})
                        .opset(9),
                on("Resize", Map.of("mode", "nearest"), IMAGE, new float[] {1, 1, 2, 2})
                        .opset(10),
                on("Resize", Map.of("mode", "linear"), IMAGE, new float[] {1, 1, 3, 2})
                        .opset(10),
                on("Resize", Map.of("mode", "cubic"), IMAGE, OperatorSample.ABSENT, new float[] {1, 1, 2, 2}));
    }

    private static Stream<OperatorSample> matrices() {
        return Stream.of(
                on("Gemm", MATRIX, new Shape(4, 2), new Shape(2)),
                on(
                        "Gemm",
                        Map.of("transA", 1L, "transB", 1L, "alpha", 0.5f, "beta", 2f),
                        new Shape(4, 3),
                        new Shape(2, 4),
                        new Shape(3, 1)),
                on("MatMul", new Shape(2, 1, 3, 4), new Shape(2, 4, 2)),
                on("MatMul", new Shape(2, 3, 4), new Shape(4)),
                on("Einsum", Map.of("equation", "bij,bkj->bik"), new Shape(2, 3, 4), new Shape(2, 5, 4)),
                on("Einsum", Map.of("equation", "ij,jk"), MATRIX, new Shape(4, 2)),
                on("Einsum", Map.of("equation", "bii...,...j->b...ji"), new Shape(2, 3, 3, 2), new Shape(2, 2)));
    }

    private static Stream<OperatorSample> normalizations() {
        return Stream.of(
                on("BatchNormalization", IMAGE, CHANNELS, CHANNELS, CHANNELS, around(1, 4)),
                on("LayerNormalization", IMAGE, new Shape(3), new Shape(3)).outputs(3),
                on("LayerNormalization", Map.of("axis", 1L), IMAGE, new Shape(4, 3, 3)),
                on("InstanceNormalization", IMAGE, CHANNELS, CHANNELS),
                on("GroupNormalization", Map.of("num_groups", 2L), IMAGE, new Shape(2), new Shape(2))
                        .opset(18),
                on("GroupNormalization", Map.of("num_groups", 2L), IMAGE, CHANNELS, CHANNELS)
                        .opset(21),
                on("LRN", Map.of("size", 3L, "alpha", 0.5f), IMAGE),
                on("MeanVarianceNormalization", IMAGE),
                on("LpNormalization", Map.of("axis", 1L), IMAGE),
                on("LpNormalization", Map.of("p", 1L), IMAGE));
    }

    private static Stream<OperatorSample> elements() {
        Shape row = new Shape(3);
        return Stream.of(
                on("Add", IMAGE, row),
                on("Sub", row, IMAGE),
                on("Mul", IMAGE, new Shape(4, 1, 1)),
                on("Div", MATRIX, around(1, 3, 1)),
                on("Pow", around(2, 3, 4), CHANNELS),
                on("Mod", Map.of("fmod", 1L), MATRIX, around(3, 4)),
                on("Sum", IMAGE, row, new Shape(3, 1)),
                on("Mean", IMAGE, row),
                on("Max", IMAGE, row),
                on("Min", IMAGE, row),
                on("Clip", IMAGE, new float[] {-0.5f}, new float[] {0.3f}),
                on("Sqrt", around(1, 3, 4)),
                on("Exp", IMAGE),
                on("Log", around(1, 3, 4)),
                on("Abs", IMAGE),
                on("Neg", IMAGE),
                on("Reciprocal", around(1, 3, 4)),
                on("Erf", IMAGE),
                on("Identity", IMAGE),
                on("Dropout", IMAGE),
                on("CastLike", IMAGE, new float[] {1}),
                on("Cast", Map.of("to", 1L), IMAGE),
                on("Sin", IMAGE),
                on("Cos", IMAGE),
                on("Tan", IMAGE),
                on("Asin", MATRIX),
                on("Acos", MATRIX),
                on("Atan", IMAGE),
                on("Sinh", IMAGE),
                on("Cosh", IMAGE),
                on("Asinh", IMAGE),
                on("Acosh", around(2, 3, 4)),
                on("Atanh", MATRIX));
    }

    private static Stream<OperatorSample> activations() {
        return Stream.of(
                on("Relu", IMAGE),
                on("Sigmoid", IMAGE),
                on("Tanh", IMAGE),
                on("Softplus", IMAGE),
                on("Softsign", IMAGE),
                on("Mish", IMAGE).opset(18),
                on("HardSwish", around(3.3, 2, 3, 3)),
                on("HardSigmoid", around(2.5, 3, 4)),
                on("LeakyRelu", Map.of("alpha", 0.2f), IMAGE),
                on("PRelu", IMAGE, new Shape(4, 1, 1)),
                on("Elu", Map.of("alpha", 0.7f), IMAGE),
                on("Celu", Map.of("alpha", 0.7f), IMAGE),
                on("Selu", IMAGE),
                on("Gelu", IMAGE).opset(20),
                on("Gelu", Map.of("approximate", "tanh"), IMAGE).opset(20),
                on("Softmax", Map.of("axis", 1L), IMAGE),
                on("Softmax", MATRIX).opset(11),
                on("LogSoftmax", Map.of("axis", 1L), IMAGE),
                on("Shrink", Map.of("lambd", 0.2f, "bias", 0.1f), IMAGE),
                on("ThresholdedRelu", Map.of("alpha", 0.1f), IMAGE));
    }

    private static Stream<OperatorSample> recurrences() {
        Shape x = new Shape(3, 2, 2);
        Map<String, Object> both = Map.of("hidden_size", 2L, "direction", "bidirectional");
        return Stream.of(
                on("RNN", both, x, new Shape(2, 2, 2), new Shape(2, 2, 2), new Shape(2, 4))
                        .outputs(2),
                on(
                                "GRU",
                                Map.of("hidden_size", 2L),
                                x,
                                new Shape(1, 6, 2),
                                new Shape(1, 6, 2),
                                new Shape(1, 12),
                                longs(3, 1))
                        .outputs(2),
                on(
                        "GRU",
                        Map.of("hidden_size", 2L, "linear_before_reset", 1L),
                        x,
                        new Shape(1, 6, 2),
                        new Shape(1, 6, 2)),
                on(
                                "LSTM",
                                both,
                                x,
                                new Shape(2, 8, 2),
                                new Shape(2, 8, 2),
                                new Shape(2, 16),
                                OperatorSample.ABSENT,
                                new Shape(2, 2, 2),
                                new Shape(2, 2, 2),
                                new Shape(2, 6))
                        .outputs(3),
                on(
                                "LSTM",
                                Map.of("hidden_size", 2L, "direction", "reverse"),
                                x,
                                new Shape(1, 8, 2),
                                new Shape(1, 8, 2),
                                OperatorSample.ABSENT,
                                longs(2, 3))
                        .outputs(3));
    }

    private static Stream<OperatorSample> losses() {
        float[] weights = {0.5f, 1, 2, 0.2f};
        return Stream.of(
                on("NegativeLogLikelihoodLoss", Map.of("ignore_index", 1L), MATRIX, longs(3, 1, 2), weights),
                on(
                        "NegativeLogLikelihoodLoss",
                        Map.of("reduction", "none"),
                        new Shape(1, 4, 3),
                        indices(new Shape(1, 3), 3, 1, 2)),
                on("SoftmaxCrossEntropyLoss", MATRIX, longs(3, 1, 2), weights).outputs(2),
                on(
                        "SoftmaxCrossEntropyLoss",
                        Map.of("reduction", "sum", "ignore_index", -1L),
                        MATRIX,
                        longs(3, -1, 2)));
    }

    private static Stream<OperatorSample> moves() {
        return Stream.of(
                on("Flatten", Map.of("axis", 2L), IMAGE),
                on("Reshape", IMAGE, longs(0, -1)),
                on("Transpose", Map.of("perm", longs(1, 3, 0, 2)), IMAGE),
                on("Squeeze", new Shape(2, 1, 3), longs(1)),
                on("Unsqueeze", MATRIX, longs(0, -1)),
                on("Concat", Map.of("axis", 1L), MATRIX, new Shape(3, 2)),
                on("Concat", Map.of("axis", 1L), MATRIX),
                on("Split", Map.of("axis", 1L), IMAGE, longs(1, 3)).outputs(2),
                on("Slice", IMAGE, longs(2), longs(-9), longs(2), longs(-1)),
                on("Slice", IMAGE, longs(0, 1), longs(9, 3), longs(1, 3), longs(2, 1)),
                on("Expand", new Shape(2, 4, 1, 3), longs(2, 4, 3, 3)),
                on("Tile", IMAGE, longs(1, 2, 1, 2)),
                on("Pad", Map.of("mode", "reflect"), IMAGE, longs(0, 0, 1, 2, 0, 0, 2, 0)),
                on("Pad", Map.of("mode", "edge"), IMAGE, longs(0, 0, 1, 2, 0, 0, 2, 0)),
                on("Pad", IMAGE, longs(0, 0, 1, -1, 0, 0, 2, 0)),
                on("DepthToSpace", Map.of("blocksize", 2L), IMAGE),
                on("SpaceToDepth", Map.of("blocksize", 3L), IMAGE));
    }

    private static Stream<OperatorSample> picks() {
        Shape square = new Shape(2, 2);
        return Stream.of(
                on("Where", longs(1, 0, 1), IMAGE, new Shape(3, 1)),
                on("Gather", Map.of("axis", 1L), IMAGE, longs(3, 0, 3)),
                on("GatherElements", Map.of("axis", 1L), MATRIX, indices(square, 0, -1, 2, 2)),
                on("OneHot", indices(new Shape(3), 0, 2, -1), indices(new Shape(), 3), new Shape(2)),
                on("OneHot", Map.of("axis", 1L), indices(new Shape(2, 2), 1, 9, -7, -2), longs(2), new Shape(2)),
                on("GatherND", MATRIX, indices(square, 0, 1, 2, -1)),
                on("GatherND", Map.of("batch_dims", 1L), new Shape(2, 3, 2), indices(new Shape(2, 1), 2, 0)),
                on("Compress", Map.of("axis", 1L), MATRIX, longs(0, 1, 1)),
                on("TopK", Map.of("axis", 0L), MATRIX, longs(2)),
                on("ReverseSequence", Map.of("time_axis", 1L, "batch_axis", 0L), IMAGE, longs(3, 2)),
                on("Trilu", IMAGE, longs(1)),
                on("ScatterND", MATRIX, indices(new Shape(2, 1), 1, 0), new Shape(2, 4)),
                on("ScatterND", Map.of("reduction", "add"), MATRIX, indices(new Shape(2, 1), 1, 1), new Shape(2, 4)),
                on("ScatterElements", Map.of("axis", 1L), MATRIX, indices(square, 0, -1, 2, 1), square),
                on(
                                "ScatterElements",
                                Map.of("axis", 1L, "reduction", "mul"),
                                MATRIX,
                                indices(square, 0, 0, 2, 1),
                                square)
                        .opset(18),
                on(
                                "ScatterElements",
                                Map.of("axis", 1L, "reduction", "max"),
                                MATRIX,
                                indices(square, 0, 0, 2, 1),
                                square)
                        .opset(18),
                on("Scatter", MATRIX, indices(square, 0, -1, 2, 1), square).opset(9));
    }

    private static Stream<OperatorSample> reductions() {
        Map<String, Object> one = Map.of("axes", longs(1));
        return Stream.of(
                on("ReduceMean", Map.of("axes", longs(1, 3), "keepdims", 0L), IMAGE),
                on("ReduceSum", Map.of("axes", longs(2, 3)), IMAGE).opset(12),
                on("ReduceMax", one, IMAGE),
                on("ReduceMin", one, IMAGE),
                on("ReduceL1", one, IMAGE),
                on("ReduceL2", one, IMAGE),
                on("ReduceSumSquare", one, IMAGE),
                on("ReduceLogSum", one, around(1, 3, 4)),
                on("ReduceLogSumExp", Map.of("axes", longs(1, 2)), IMAGE),
                on("ReduceProd", one, MATRIX),
                on("CumSum", Map.of("reverse", 1L, "exclusive", 1L), IMAGE, longs(1)));
    }
}
