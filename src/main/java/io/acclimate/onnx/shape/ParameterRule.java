package io.acclimate.onnx.shape;

import io.acclimate.core.FloatTensor;

/** Which weights at an operator's inputs are parameters, which training may change. */
@FunctionalInterface
interface ParameterRule {
    ParameterRule NONE = (input, weight) -> false;
    ParameterRule ANY = (input, weight) -> true;

    /** All but the first input, which is the data. */
    ParameterRule AFTER_DATA = (input, weight) -> input > 0;

    /** A constant of arithmetic is no parameter: only tensors of more than one element count. */
    ParameterRule TENSOR = (input, weight) -> weight.values().length > 1;

    /** The tensor that is moved. */
    ParameterRule MOVED = (input, weight) -> input == 0 && weight.values().length > 1;

    /** An operand of arithmetic, unless it is a mask. */
    ParameterRule OPERAND = (input, weight) -> weight.values().length > 1 && !isMask(weight);

    boolean holds(int input, FloatTensor weight);

    /** An attention mask is zero where attention is allowed, and one large negative number where it is not. */
    private static boolean isMask(FloatTensor tensor) {
        float low = 0;
        for (float value : tensor.values()) {
            low = Math.min(low, value);
        }
        for (float value : tensor.values()) {
            if (value != 0 && value != low) {
                return false;
            }
        }
        return low <= -100;
    }
}
