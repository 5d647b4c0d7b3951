package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.acclimate.onnx.node.GraphNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Every operator that can be trained through, by ONNX type. To add one, write it in its family's class and name it here. */
public final class OperatorTable {
    private static final Map<String, Operator> TABLE = new TreeMap<>();

    static {
        TABLE.put("Gemm", LinearOperators::gemm);
        TABLE.put("MatMul", LinearOperators::matMul);
        TABLE.put("Conv", Convolutions::convolution);
        TABLE.put("ConvTranspose", Convolutions::transposed);
        TABLE.put("Einsum", LinearOperators::einsum);
        TABLE.put("RNN", Recurrent::simple);
        TABLE.put("GRU", Recurrent::gated);
        TABLE.put("LSTM", Recurrent::longShortTerm);
        TABLE.put("MaxPool", Pooling::max);
        TABLE.put("AveragePool", Pooling::average);
        TABLE.put("GlobalAveragePool", Pooling::globalAverage);
        TABLE.put("GlobalMaxPool", Pooling::globalMax);
        TABLE.put("LpPool", Pooling::norm);
        TABLE.put("GlobalLpPool", Pooling::globalNorm);
        TABLE.put("MaxUnpool", Scattering::unpooled);

        TABLE.put("BatchNormalization", Normalizations::batch);
        TABLE.put("LayerNormalization", Normalizations::layer);
        TABLE.put("RMSNormalization", Normalizations::rootMeanSquare);
        TABLE.put("InstanceNormalization", Normalizations::instance);
        TABLE.put("GroupNormalization", Normalizations::group);
        TABLE.put("LRN", Normalizations::local);
        TABLE.put("MeanVarianceNormalization", Normalizations::meanVariance);
        TABLE.put("LpNormalization", Normalizations::toUnitNorm);

        TABLE.put("NegativeLogLikelihoodLoss", LossOperators::negativeLogLikelihood);
        TABLE.put("SoftmaxCrossEntropyLoss", LossOperators::softmaxCrossEntropy);

        TABLE.put("Add", Elementwise.binary(NDArray::add));
        TABLE.put("Sub", Elementwise.binary(NDArray::sub));
        TABLE.put("Mul", Elementwise.binary(NDArray::mul));
        TABLE.put("Div", Elementwise.binary(Elementwise::quotient));
        TABLE.put("Pow", Elementwise::power);
        TABLE.put("Sum", Elementwise.folded(NDArray::add));
        TABLE.put("Max", Elementwise.folded(NDArray::maximum));
        TABLE.put("Min", Elementwise.folded(NDArray::minimum));
        TABLE.put("Mean", Elementwise::mean);
        TABLE.put("Clip", Elementwise::clip);
        TABLE.put("Sqrt", unary(NDArray::sqrt));
        TABLE.put("Exp", unary(NDArray::exp));
        TABLE.put("Log", unary(NDArray::log));
        TABLE.put("Abs", unary(NDArray::abs));
        TABLE.put("Neg", unary(NDArray::neg));
        TABLE.put("Reciprocal", unary(Elementwise::reciprocal));
        TABLE.put("Sin", unary(NDArray::sin));
        TABLE.put("Cos", unary(NDArray::cos));
        TABLE.put("Tan", unary(NDArray::tan));
        TABLE.put("Asin", unary(NDArray::asin));
        TABLE.put("Acos", unary(NDArray::acos));
        TABLE.put("Atan", unary(NDArray::atan));
        TABLE.put("Sinh", unary(NDArray::sinh));
        TABLE.put("Cosh", unary(NDArray::cosh));
        TABLE.put("Asinh", unary(Elementwise::areaSine));
        TABLE.put("Acosh", unary(Elementwise::areaCosine));
        TABLE.put("Atanh", unary(Elementwise::areaTangent));
        TABLE.put("Mod", Elementwise::modulo);
        TABLE.put("Floor", unary(NDArray::floor));
        TABLE.put("Ceil", unary(NDArray::ceil));
        TABLE.put("Round", unary(NDArray::round));
        TABLE.put("Sign", unary(NDArray::sign));
        TABLE.put("Erf", unary(NDArray::erf));
        TABLE.put("Identity", unary(x -> x));
        TABLE.put("Dropout", Elementwise::dropout);
        TABLE.put("Constant", Elementwise::constant);

        TABLE.put("Relu", unary(Activation::relu));
        TABLE.put("Sigmoid", unary(Activation::sigmoid));
        TABLE.put("Tanh", unary(NDArray::tanh));
        TABLE.put("Softplus", unary(Activation::softPlus));
        TABLE.put("Softsign", unary(Activation::softSign));
        TABLE.put("Mish", unary(x -> x.mul(Activation.softPlus(x).tanh())));
        TABLE.put("HardSwish", unary(Activations::hardSwish));
        TABLE.put("Swish", Activations::swish);
        TABLE.put("HardSigmoid", Activations::hardSigmoid);
        TABLE.put("LeakyRelu", Activations::leakyRelu);
        TABLE.put("PRelu", Activations::pRelu);
        TABLE.put("Elu", Activations::elu);
        TABLE.put("Celu", Activations::celu);
        TABLE.put("Selu", Activations::selu);
        TABLE.put("Gelu", Activations::gelu);
        TABLE.put("Softmax", Activations::softmax);
        TABLE.put("LogSoftmax", Activations::logSoftmax);
        TABLE.put("Hardmax", Activations::hardmax);
        TABLE.put("Shrink", Activations::shrink);
        TABLE.put("ThresholdedRelu", Activations::thresholdedRelu);

        TABLE.put("Equal", Elementwise.binary(NDArray::eq));
        TABLE.put("Greater", Elementwise.binary(NDArray::gt));
        TABLE.put("GreaterOrEqual", Elementwise.binary(NDArray::gte));
        TABLE.put("Less", Elementwise.binary(NDArray::lt));
        TABLE.put("LessOrEqual", Elementwise.binary(NDArray::lte));
        TABLE.put("And", Elementwise.logical(NDArray::logicalAnd));
        TABLE.put("Or", Elementwise.logical(NDArray::logicalOr));
        TABLE.put("Xor", Elementwise.logical(NDArray::logicalXor));
        TABLE.put("Not", unary(x -> x.toType(DataType.BOOLEAN, false).logicalNot()));
        TABLE.put("IsNaN", unary(NDArray::isNaN));
        TABLE.put("IsInf", Elementwise::isInfinite);
        TABLE.put("Where", Selection::where);
        TABLE.put("ArgMax", Selection::argMax);
        TABLE.put("ArgMin", Selection::argMin);

        TABLE.put("Flatten", Shapes::flatten);
        TABLE.put("Reshape", Shapes::reshape);
        TABLE.put("Transpose", Shapes::transpose);
        TABLE.put("Squeeze", Shapes::squeeze);
        TABLE.put("Unsqueeze", Shapes::unsqueeze);
        TABLE.put("Concat", Shapes::concat);
        TABLE.put("Split", Shapes::split);
        TABLE.put("Slice", Shapes::slice);
        TABLE.put("Gather", Selection::gather);
        TABLE.put("GatherElements", Selection::gatherElements);
        TABLE.put("GatherND", Selection::gatherNd);
        TABLE.put("ScatterND", Scattering::rows);
        TABLE.put("ScatterElements", Scattering::elements);
        TABLE.put("Scatter", Scattering::elements);
        TABLE.put("Compress", Selection::compress);
        TABLE.put("TopK", Selection::topK);
        TABLE.put("Trilu", Selection::triangle);
        TABLE.put("ReverseSequence", Selection::reverseSequence);
        TABLE.put("Expand", Shapes::expand);
        TABLE.put("Tile", Shapes::tile);
        TABLE.put("Pad", Padding::pad);
        TABLE.put("DepthToSpace", Shapes::depthToSpace);
        TABLE.put("SpaceToDepth", Shapes::spaceToDepth);
        TABLE.put("Resize", Resizing::resize);
        TABLE.put("Upsample", Resizing::upsample);
        TABLE.put("GridSample", GridSampling::sample);
        TABLE.put("Cast", Shapes::cast);
        TABLE.put("CastLike", Shapes::castLike);
        TABLE.put("Shape", ShapeConstants::shape);
        TABLE.put("Size", ShapeConstants::size);
        TABLE.put("ConstantOfShape", ShapeConstants::constantOfShape);
        TABLE.put("Range", ShapeConstants::range);

        TABLE.put("ReduceMean", Reductions.over(Reductions::mean));
        TABLE.put("ReduceSum", Reductions.sum(x -> x, x -> x));
        TABLE.put("ReduceL1", Reductions.sum(NDArray::abs, x -> x));
        TABLE.put("ReduceL2", Reductions.sum(NDArray::square, NDArray::sqrt));
        TABLE.put("ReduceSumSquare", Reductions.sum(NDArray::square, x -> x));
        TABLE.put("ReduceLogSum", Reductions.sum(x -> x, NDArray::log));
        TABLE.put("ReduceLogSumExp", Reductions.along(Reductions::logSumExp));
        TABLE.put("ReduceProd", Reductions.along((x, axis) -> x.prod(new int[] {axis}, true)));
        TABLE.put("CumSum", Reductions::cumulativeSum);
        TABLE.put("ReduceMax", Reductions.along((x, axis) -> x.max(new int[] {axis}, true)));
        TABLE.put("ReduceMin", Reductions.along((x, axis) -> x.min(new int[] {axis}, true)));
    }

    private OperatorTable() {}

    private static Operator unary(UnaryOperator<NDArray> function) {
        return call -> Call.dense(function.apply(call.array(0)));
    }

    public static Optional<Operator> find(String type, String domain) {
        return domain.isEmpty() ? Optional.ofNullable(TABLE.get(type)) : Optional.empty();
    }

    public static boolean knows(GraphNode node) {
        return find(node.type(), node.domain()).isPresent();
    }

    public static Set<String> types() {
        return TABLE.keySet();
    }
}
