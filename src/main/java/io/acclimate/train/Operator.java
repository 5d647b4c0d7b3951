package io.acclimate.train;

import java.util.List;

/** One ONNX operator: reads the call's operands, returns the node's outputs in order (unused trailing ones may be left out). */
@FunctionalInterface
interface Operator {
    List<Value> apply(Call call);
}
