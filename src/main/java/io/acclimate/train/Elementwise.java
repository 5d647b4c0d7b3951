package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.acclimate.onnx.ConstantTensor;
import java.util.List;
import java.util.function.BinaryOperator;

/** Element by element, with broadcasting. */
final class Elementwise {
    private Elementwise() {}

    static Operator binary(BinaryOperator<NDArray> function) {
        return call -> {
            if (call.attributes().has("axis")) {
                throw call.unsupported("broadcasts from a named axis, as before opset 7");
            }
            return Call.dense(function.apply(call.array(0), call.array(1)));
        };
    }

    /** Of truth values, given as booleans or numbers. */
    static Operator logical(BinaryOperator<NDArray> function) {
        return binary((a, b) -> function.apply(a.toType(DataType.BOOLEAN, false), b.toType(DataType.BOOLEAN, false)));
    }

    static NDArray quotient(NDArray a, NDArray b) {
        return a.getDataType().isInteger() ? a.div(b).trunc().toType(a.getDataType(), false) : a.div(b);
    }

    static NDArray power(NDArray base, NDArray exponent) {
        return base.pow(exponent).toType(base.getDataType(), false);
    }

    static List<Value> mean(Call call) {
        return Call.dense(
                folded(NDArray::add).apply(call).get(0) instanceof Value.Dense sum
                        ? sum.array().div(call.count())
                        : call.array(0));
    }

    /** Nothing is dropped, so the mask is all true. */
    static List<Value> dropout(Call call) {
        NDArray x = call.array(0);
        if (call.has(2) && call.constant(2).longs()[0] != 0) {
            throw call.unsupported("drops at random");
        }
        return List.of(new Value.Dense(x), new Value.Dense(x.onesLike().toType(DataType.BOOLEAN, false)));
    }

    /** One to many operands. */
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
        return Call.dense(call.array(0).clip(low, high));
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
