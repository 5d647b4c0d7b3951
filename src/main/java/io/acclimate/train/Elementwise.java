package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import io.acclimate.onnx.ConstantTensor;
import java.util.List;
import java.util.function.BinaryOperator;

/** Element by element, with broadcasting. */
final class Elementwise {
    private Elementwise() {}

    static Operator binary(BinaryOperator<NDArray> function) {
        return call -> Call.dense(function.apply(call.array(0), call.array(1)));
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
        ConstantTensor tensor =
                call.attributes().tensor("value").orElseThrow(() -> call.unsupported("holds an unsupported type"));
        return List.of(new Value.Fixed(tensor));
    }
}
