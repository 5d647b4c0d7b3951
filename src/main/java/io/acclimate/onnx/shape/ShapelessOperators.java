package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.util.List;
import java.util.stream.Stream;

/**
 * Operators of the standard without a shape rule: their outputs are unknown, so a model that fixes its batch and has one of them
 * keeps its fixed batch, and what its shapes are computed from is not folded.
 */
final class ShapelessOperators {
    /** The first output has the first input's type. */
    private static final List<String> PLAIN = List.of(
            // Functions of one operand.
            "Acos",
            "Acosh",
            "Asin",
            "Asinh",
            "Atan",
            "Atanh",
            "Cos",
            "Cosh",
            "Hardmax",
            "Shrink",
            "Sin",
            "Sinh",
            "Swish",
            "Tan",
            "BitwiseNot",
            // Layers.
            "Attention",
            "Col2Im",
            "DeformConv",
            "Det",
            "DFT",
            "GlobalLpPool",
            "GridSample",
            "LpPool",
            "MaxRoiPool",
            "MaxUnpool",
            "RoiAlign",
            "RotaryEmbedding",
            "STFT",
            // Normalisations and losses.
            "LpNormalization",
            "MeanVarianceNormalization",
            "NegativeLogLikelihoodLoss",
            "SoftmaxCrossEntropyLoss",
            // Arithmetic of several operands.
            "BitShift",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "CumProd",
            "CumSum",
            // Moves.
            "AffineGrid",
            "CenterCropPad",
            "Compress",
            "DepthToSpace",
            "GatherElements",
            "GatherND",
            "ReverseSequence",
            "Scatter",
            "SpaceToDepth",
            "TensorScatter",
            "TopK",
            "Trilu",
            "Unique");

    /** Their type is not followed: numbers of a type that an attribute names, texts, sequences, or quantised numbers. */
    private static final List<String> OTHER_TYPES = List.of(
            "Bernoulli",
            "BitCast",
            "BlackmanWindow",
            "ConcatFromSequence",
            "Constant",
            "ConvInteger",
            "EyeLike",
            "HammingWindow",
            "HannWindow",
            "If",
            "ImageDecoder",
            "Loop",
            "MatMulInteger",
            "MelWeightMatrix",
            "Multinomial",
            "Optional",
            "OptionalGetElement",
            "QLinearConv",
            "QLinearMatMul",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike",
            "Scan",
            "SequenceAt",
            "SequenceConstruct",
            "SequenceEmpty",
            "SequenceErase",
            "SequenceInsert",
            "SequenceMap",
            "SplitToSequence",
            "StringConcat",
            "StringNormalizer",
            "StringSplit",
            "TfIdfVectorizer");

    private ShapelessOperators() {}

    static List<Declaration> declared() {
        Stream<Declaration> special = Stream.of(
                OperatorFacts.declare("CastLike").gives(ElementType.OF_SECOND_INPUT),
                OperatorFacts.declare("DequantizeLinear")
                        .needs(2)
                        .gives(ElementType.OF_SECOND_INPUT)
                        .settingsFrom(1)
                        .is(Trait.CARRIES_VALUES),
                OperatorFacts.declare("QuantizeLinear")
                        .needs(2)
                        .gives(ElementType.UNKNOWN)
                        .settingsFrom(1)
                        .is(Trait.CARRIES_VALUES),
                OperatorFacts.declare("DynamicQuantizeLinear").gives(ElementType.FLOAT_SECOND),
                OperatorFacts.declare("IsInf").gives(ElementType.TRUTH),
                OperatorFacts.declare("IsNaN").gives(ElementType.TRUTH),
                OperatorFacts.declare("NonMaxSuppression").gives(ElementType.INDEX),
                OperatorFacts.declare("NonZero").gives(ElementType.INDEX),
                OperatorFacts.declare("OneHot").gives(ElementType.UNKNOWN).settingsFrom(1),
                OperatorFacts.declare("OptionalHasElement").gives(ElementType.TRUTH),
                OperatorFacts.declare("RandomNormal")
                        .needs(0)
                        .gives(ElementType.UNKNOWN)
                        .extents(0),
                OperatorFacts.declare("RegexFullMatch").gives(ElementType.TRUTH),
                OperatorFacts.declare("Resize").settingsFrom(1).extents(3),
                OperatorFacts.declare("SequenceLength").gives(ElementType.INDEX),
                OperatorFacts.declare("Upsample").settingsFrom(1));
        Stream<Declaration> others = OTHER_TYPES.stream()
                .map(type -> OperatorFacts.declare(type).needs(0).gives(ElementType.UNKNOWN));
        return Stream.of(PLAIN.stream().map(OperatorFacts::declare), others, special)
                .flatMap(each -> each)
                .toList();
    }
}
