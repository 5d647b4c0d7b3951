package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Losses written as nodes. Scores are {@code [rows, classes, …] float32}, classes {@code [rows, …]} known integers. */
final class LossOperators {
    private LossOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("NegativeLogLikelihoodLoss", LossOperators::negativeLogLikelihood);
        table.put("SoftmaxCrossEntropyLoss", LossOperators::softmaxCrossEntropy);
    }

    static List<Value> negativeLogLikelihood(Call call) {
        return Call.dense(negativeLogLikelihood(call, call.array(0)));
    }

    /** Gives the log probabilities too. */
    static List<Value> softmaxCrossEntropy(Call call) {
        NDArray log = call.array(0).logSoftmax(1);
        return List.of(new Value.Dense(negativeLogLikelihood(call, log)), new Value.Dense(log));
    }

    /** {@code −w[class] · log[class]}; the mean is over the sum of the weights. An ignored class has weight 0. */
    private static NDArray negativeLogLikelihood(Call call, NDArray log) {
        ConstantTensor target = call.constant(1);
        float[] weights =
                call.has(2) ? call.constant(2).floats() : ones(log.getShape().get(1));
        long ignored = call.attributes().integer("ignore_index", Long.MIN_VALUE);
        long[] classes = target.longs();
        float[] weight = new float[classes.length];
        float sum = 0;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] == ignored) {
                classes[i] = 0;
            } else {
                weight[i] = weights[(int) classes[i]];
            }
            sum += weight[i];
        }
        Shape shape = Call.djl(target.shape());
        NDArray picked = log.gather(call.manager().create(classes, shape).expandDims(1), 1)
                .reshape(shape);
        NDArray losses = picked.mul(call.manager().create(weight, shape)).neg();
        return switch (call.attributes().text("reduction", "mean")) {
            case "none" -> losses;
            case "sum" -> losses.sum();
            default -> Scalars.over(losses.sum(), sum);
        };
    }

    private static float[] ones(long count) {
        float[] ones = new float[Math.toIntExact(count)];
        Arrays.fill(ones, 1);
        return ones;
    }
}
