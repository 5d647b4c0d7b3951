package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Element by element, with broadcasting. */
final class Elementwise {
    private Elementwise() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Add", binary(NDArray::add));
        table.put("Sub", binary(NDArray::sub));
        table.put("Mul", binary(NDArray::mul));
        table.put("Div", binary(Elementwise::quotient));
        table.put("Pow", Elementwise::power);
        table.put("Sum", folded(NDArray::add));
        table.put("Max", folded(NDArray::maximum));
        table.put("Min", folded(NDArray::minimum));
        table.put("Mean", Elementwise::mean);
        table.put("Clip", Elementwise::clip);
        table.put("Sqrt", unary(NDArray::sqrt));
        table.put("Exp", unary(NDArray::exp));
        table.put("Log", unary(NDArray::log));
        table.put("Abs", unary(NDArray::abs));
        table.put("Neg", unary(NDArray::neg));
        table.put("Reciprocal", unary(Elementwise::reciprocal));
        table.put("Sin", unary(NDArray::sin));
        table.put("Cos", unary(NDArray::cos));
        table.put("Tan", unary(NDArray::tan));
        table.put("Asin", unary(NDArray::asin));
        table.put("Acos", unary(NDArray::acos));
        table.put("Atan", unary(NDArray::atan));
        table.put("Sinh", unary(NDArray::sinh));
        table.put("Cosh", unary(NDArray::cosh));
        table.put("Asinh", unary(Elementwise::areaSine));
        table.put("Acosh", unary(Elementwise::areaCosine));
        table.put("Atanh", unary(Elementwise::areaTangent));
        table.put("Mod", Elementwise::modulo);
        table.put("Floor", unary(NDArray::floor));
        table.put("Ceil", unary(NDArray::ceil));
        table.put("Round", unary(NDArray::round));
        table.put("Sign", unary(NDArray::sign));
        table.put("Erf", unary(NDArray::erf));
        table.put("Identity", unary(x -> x));
        table.put("Dropout", Elementwise::dropout);
        table.put("Constant", Elementwise::constant);
        table.put("Equal", binary(NDArray::eq));
        table.put("Greater", binary(NDArray::gt));
        table.put("GreaterOrEqual", binary(NDArray::gte));
        table.put("Less", binary(NDArray::lt));
        table.put("LessOrEqual", binary(NDArray::lte));
        table.put("And", logical(NDArray::logicalAnd));
        table.put("Or", logical(NDArray::logicalOr));
        table.put("Xor", logical(NDArray::logicalXor));
        table.put("Not", unary(x -> x.toType(DataType.BOOLEAN, false).logicalNot()));
        table.put("IsNaN", unary(NDArray::isNaN));
        table.put("IsInf", Elementwise::isInfinite);
    }

    static Operator unary(UnaryOperator<NDArray> function) {
        return call -> Call.dense(function.apply(call.array(0)));
    }

    static Operator binary(BinaryOperator<NDArray> function) {
        return call -> {
            if (call.attributes().has("axis")) {
                throw call.unsupported("broadcasts from a named axis, as before opset 7");
            }
            return Call.dense(function.apply(call.array(0), call.array(1)));
        };
    }

    /** An operator of truth values, which are given as booleans or numbers. */
    static Operator logical(BinaryOperator<NDArray> function) {
        return binary((a, b) -> function.apply(a.toType(DataType.BOOLEAN, false), b.toType(DataType.BOOLEAN, false)));
    }

    static NDArray quotient(NDArray a, NDArray b) {
        return a.getDataType().isInteger() ? a.div(b).trunc().toType(a.getDataType(), false) : a.div(b);
    }

    /** A known exponent of 2 or ½, as exporters write variances, costs a tenth of a power. */
    static List<Value> power(Call call) {
        NDArray base = call.array(0);
        if (base.getDataType() == DataType.FLOAT32
                && call.value(1) instanceof Value.Fixed fixed
                && fixed.tensor().shape().rank() == 0) {
            float exponent = fixed.tensor().floats()[0];
            return Call.dense(
                    exponent == 2 ? base.square() : exponent == 0.5f ? base.sqrt() : Scalars.power(base, exponent));
        }
        return Call.dense(base.pow(call.array(1)).toType(base.getDataType(), false));
    }

    static NDArray reciprocal(NDArray x) {
        return x.getManager().create(1f).div(x);
    }

    /** A third of the engine's own time, forwards and backwards. NaN stays NaN. */
    static NDArray clipped(NDArray x, float low, float high) {
        if (x.getDataType() != DataType.FLOAT32) {
            return x.clip(low, high);
        }
        NDArray above = low == 0 ? Activation.relu(x) : Float.isFinite(low) ? replaced(x, x.lt(low), low) : x;
        return Float.isFinite(high) ? replaced(above, above.gt(high), high) : above;
    }

    private static NDArray replaced(NDArray x, NDArray where, float by) {
        return NDArrays.where(where, x.getManager().create(by).broadcast(x.getShape()), x);
    }

    /** The sign follows the divisor, or with {@code fmod} the dividend. */
    static List<Value> modulo(Call call) {
        NDArray a = call.array(0);
        NDArray b = call.array(1);
        boolean truncating = call.attributes().integer("fmod", 0) == 1;
        NDArray out = truncating ? a.sub(a.div(b).trunc().mul(b)) : a.mod(b);
        return Call.dense(out.toType(a.getDataType(), false));
    }

    /** {@code ln(|x| + √(x² + 1))} with the sign of x, which cancels nothing at large negative x. */
    static NDArray areaSine(NDArray x) {
        NDArray sign =
                Scalars.times(x.gte(0).toType(DataType.FLOAT32, false), 2).sub(1);
        return x.mul(sign).add(x.square().add(1).sqrt()).log().mul(sign);
    }

    static NDArray areaCosine(NDArray x) {
        return x.add(x.square().sub(1).sqrt()).log();
    }

    static NDArray areaTangent(NDArray x) {
        return Scalars.over(x.add(1).div(x.neg().add(1)).log(), 2);
    }

    static List<Value> isInfinite(Call call) {
        NDArray x = call.array(0);
        NDArray infinite = x.isInfinite();
        if (call.attributes().integer("detect_negative", 1) == 0) {
            infinite = infinite.logicalAnd(x.gt(0));
        }
        if (call.attributes().integer("detect_positive", 1) == 0) {
            infinite = infinite.logicalAnd(x.lt(0));
        }
        return Call.dense(infinite);
    }

    static List<Value> mean(Call call) {
        return Call.dense(
                folded(NDArray::add).apply(call).get(0) instanceof Value.Dense sum
                        ? Scalars.over(sum.array(), call.count())
                        : call.array(0));
    }

    /** Nothing is dropped, so the mask is all true. */
    static List<Value> dropout(Call call) {
        NDArray x = call.array(0);
        float ratio = call.has(1) ? call.constant(1).floats()[0] : 0.5f;
        if (call.has(2) && call.constant(2).longs()[0] != 0 && ratio != 0) {
            throw call.unsupported("drops at random");
        }
        return List.of(new Value.Dense(x), new Value.Dense(x.onesLike().toType(DataType.BOOLEAN, false)));
    }

    /** An operator of one or more operands. */
    static Operator folded(BinaryOperator<NDArray> function) {
        return call -> {
            NDArray out = call.array(0);
            for (int i = 1; i < call.count(); i++) {
                out = function.apply(out, call.array(i));
            }
            return Call.dense(out);
        };
    }

    static List<Value> clip(Call call) {
        float low =
                call.has(1) ? call.constant(1).floats()[0] : call.attributes().real("min", Float.NEGATIVE_INFINITY);
        float high =
                call.has(2) ? call.constant(2).floats()[0] : call.attributes().real("max", Float.POSITIVE_INFINITY);
        return Call.dense(clipped(call.array(0), low, high));
    }

    static List<Value> constant(Call call) {
        ConstantTensor tensor = call.attributes().names().stream()
                .filter(name -> name.startsWith("value"))
                .flatMap(name -> call.attributes().tensor(name).stream())
                .findFirst()
                .orElseThrow(() -> call.unsupported("holds an unsupported type"));
        return List.of(new Value.Fixed(tensor));
    }
}
