package io.acclimate.train.operators;

import java.util.List;

/** One ONNX operator: reads the call's operands, returns the node's outputs in order (unused trailing ones may be left out). */
@FunctionalInterface
public interface Operator {
    List<Value> apply(Call call);
}
