package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;

/**
 * Arithmetic with a number. The engine's own forms ({@code x.mul(2)}) lend PyTorch a buffer that they release before the gradient
 * is taken: a garbage collection between the two turns the gradient into noise. Here the number lives as long as its step. Sums
 * and differences are safe as they are, since their gradients do not read the operands.
 */
public final class Scalars {
    private Scalars() {}

    public static NDArray times(NDArray x, double number) {
        return x.mul(held(x, number));
    }

    public static NDArray over(NDArray x, double number) {
        return x.div(held(x, number));
    }

    static NDArray power(NDArray x, double number) {
        return x.pow(held(x, number));
    }

    public static NDArray atLeast(NDArray x, double number) {
        return x.maximum(held(x, number));
    }

    private static NDArray held(NDArray x, double number) {
        return x.getManager().create((float) number);
    }
}
