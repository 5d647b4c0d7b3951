package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Every operator that can be trained through, by ONNX type. To add one, write it in its family's class and name it here. */
final class OperatorTable {
    private static final Map<String, Operator> TABLE = new TreeMap<>();

    static {
        TABLE.put("Gemm", LinearOperators::gemm);
        TABLE.put("MatMul", LinearOperators::matMul);
        TABLE.put("Conv", Convolutions::convolution);
        TABLE.put("MaxPool", Pooling::max);
        TABLE.put("AveragePool", Pooling::average);
        TABLE.put("GlobalAveragePool", Pooling::globalAverage);
        TABLE.put("GlobalMaxPool", Pooling::globalMax);

        TABLE.put("BatchNormalization", Normalizations::batch);
        TABLE.put("LayerNormalization", Normalizations::layer);
        TABLE.put("InstanceNormalization", Normalizations::instance);

        TABLE.put("Add", Elementwise.binary(NDArray::add));
        TABLE.put("Sub", Elementwise.binary(NDArray::sub));
        TABLE.put("Mul", Elementwise.binary(NDArray::mul));
        TABLE.put("Div", Elementwise.binary(NDArray::div));
        TABLE.put("Pow", Elementwise.binary(NDArray::pow));
        TABLE.put("Sum", Elementwise.folded(NDArray::add));
        TABLE.put("Max", Elementwise.folded(NDArray::maximum));
        TABLE.put("Min", Elementwise.folded(NDArray::minimum));
        TABLE.put("Clip", Elementwise::clip);
        TABLE.put("Sqrt", unary(NDArray::sqrt));
        TABLE.put("Exp", unary(NDArray::exp));
        TABLE.put("Log", unary(NDArray::log));
        TABLE.put("Abs", unary(NDArray::abs));
        TABLE.put("Neg", unary(NDArray::neg));
        TABLE.put("Reciprocal", unary(x -> x.pow(-1)));
        TABLE.put("Erf", unary(NDArray::erf));
        TABLE.put("Identity", unary(x -> x));
        TABLE.put("Dropout", unary(x -> x));
        TABLE.put("Constant", call -> call.attributes().has("value") ? Elementwise.constant(call) : List.of());

        TABLE.put("Relu", unary(Activation::relu));
        TABLE.put("Sigmoid", unary(Activation::sigmoid));
        TABLE.put("Tanh", unary(NDArray::tanh));
        TABLE.put("Softplus", unary(Activation::softPlus));
        TABLE.put("Softsign", unary(Activation::softSign));
        TABLE.put("Mish", unary(Activation::mish));
        TABLE.put("HardSwish", unary(x -> x.mul(x.div(6).add(0.5).clip(0, 1))));
        TABLE.put("HardSigmoid", Activations::hardSigmoid);
        TABLE.put("LeakyRelu", Activations::leakyRelu);
        TABLE.put("PRelu", Activations::pRelu);
        TABLE.put("Elu", Activations::elu);
        TABLE.put("Celu", Activations::celu);
        TABLE.put("Selu", Activations::selu);
        TABLE.put("Gelu", Activations::gelu);
        TABLE.put("Softmax", Activations::softmax);
        TABLE.put("LogSoftmax", Activations::logSoftmax);

        TABLE.put("Flatten", Shapes::flatten);
        TABLE.put("Reshape", Shapes::reshape);
        TABLE.put("Transpose", Shapes::transpose);
        TABLE.put("Squeeze", Shapes::squeeze);
        TABLE.put("Unsqueeze", Shapes::unsqueeze);
        TABLE.put("Concat", Shapes::concat);
        TABLE.put("Split", Shapes::split);
        TABLE.put("Slice", Shapes::slice);
        TABLE.put("Gather", Shapes::gather);
        TABLE.put("Expand", Shapes::expand);
        TABLE.put("Tile", Shapes::tile);
        TABLE.put("Pad", Shapes::pad);
        TABLE.put("Cast", Shapes::cast);
        TABLE.put("Shape", Shapes::shape);

        TABLE.put("ReduceMean", Reductions.over((x, axis) -> x.mean(new int[] {axis}, true)));
        TABLE.put("ReduceSum", Reductions.over((x, axis) -> x.sum(new int[] {axis}, true)));
        TABLE.put("ReduceMax", Reductions.over((x, axis) -> x.max(new int[] {axis}, true)));
        TABLE.put("ReduceMin", Reductions.over((x, axis) -> x.min(new int[] {axis}, true)));
        TABLE.put("ReduceL2", Reductions::l2);
    }

    private OperatorTable() {}

    private static Operator unary(UnaryOperator<NDArray> function) {
        return call -> Call.dense(function.apply(call.array(0)));
    }

    static Optional<Operator> find(String type, String domain) {
        return domain.isEmpty() ? Optional.ofNullable(TABLE.get(type)) : Optional.empty();
    }

    static Set<String> types() {
        return TABLE.keySet();
    }
}
