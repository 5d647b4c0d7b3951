package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Matrix products. */
final class LinearOperators {
    private LinearOperators() {}

    /** {@code alpha · A' · B' + beta · C}. */
    static List<Value> gemm(Call call) {
        NDArray a = call.attributes().integer("transA", 0) == 0
                ? call.array(0)
                : call.array(0).transpose();
        NDArray b = call.attributes().integer("transB", 0) == 0
                ? call.array(1)
                : call.array(1).transpose();
        NDArray out = scaled(a.matMul(b), call.attributes().real("alpha", 1));
        return Call.dense(
                call.has(2) ? out.add(scaled(call.array(2), call.attributes().real("beta", 1))) : out);
    }

    private static NDArray scaled(NDArray array, float by) {
        return by == 1 ? array : array.mul(by);
    }

    static List<Value> matMul(Call call) {
        return Call.dense(call.array(0).matMul(call.array(1)));
    }
}
