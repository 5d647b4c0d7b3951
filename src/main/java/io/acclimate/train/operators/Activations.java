package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Activations with parameters or with two meanings. */
final class Activations {
    private Activations() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Relu", Elementwise.unary(Activation::relu));
        table.put("Sigmoid", Elementwise.unary(Activation::sigmoid));
        table.put("Tanh", Elementwise.unary(NDArray::tanh));
        table.put("Softplus", Elementwise.unary(Activation::softPlus));
        table.put("Softsign", Elementwise.unary(Activation::softSign));
        table.put("Mish", Elementwise.unary(x -> x.mul(Activation.softPlus(x).tanh())));
        table.put("HardSwish", Elementwise.unary(Activations::hardSwish));
        table.put("Swish", Activations::swish);
        table.put("HardSigmoid", Activations::hardSigmoid);
        table.put("LeakyRelu", Activations::leakyRelu);
        table.put("PRelu", Activations::pRelu);
        table.put("Elu", Activations::elu);
        table.put("Celu", Activations::celu);
        table.put("Selu", Activations::selu);
        table.put("Gelu", Activations::gelu);
        table.put("Softmax", Activations::softmax);
        table.put("LogSoftmax", Activations::logSoftmax);
        table.put("Hardmax", Activations::hardmax);
        table.put("Shrink", Activations::shrink);
        table.put("ThresholdedRelu", Activations::thresholdedRelu);
    }

    static List<Value> hardSigmoid(Call call) {
        float alpha = call.attributes().real("alpha", 0.2f);
        float beta = call.attributes().real("beta", 0.5f);
        return Call.dense(
                Elementwise.clipped(Scalars.times(call.array(0), alpha).add(beta), 0, 1));
    }

    static NDArray hardSwish(NDArray x) {
        return x.mul(Elementwise.clipped(Scalars.over(x, 6).add(0.5), 0, 1));
    }

    static List<Value> leakyRelu(Call call) {
        return Call.dense(Activation.leakyRelu(call.array(0), call.attributes().real("alpha", 0.01f)));
    }

    static List<Value> pRelu(Call call) {
        NDArray x = call.array(0);
        NDArray slope = call.node().opset() < 7 ? Normalizations.perChannel(call.array(1), x) : call.array(1);
        return Call.dense(Activation.relu(x).sub(Activation.relu(x.neg()).mul(slope)));
    }

    static List<Value> elu(Call call) {
        return Call.dense(Activation.elu(call.array(0), call.attributes().real("alpha", 1)));
    }

    static List<Value> celu(Call call) {
        float alpha = call.attributes().real("alpha", 1);
        return Call.dense(Scalars.times(Activation.elu(Scalars.over(call.array(0), alpha), 1), alpha));
    }

    static List<Value> selu(Call call) {
        float alpha = call.attributes().real("alpha", 1.6732632f);
        float gamma = call.attributes().real("gamma", 1.050701f);
        return Call.dense(Scalars.times(Activation.elu(call.array(0), alpha), gamma));
    }

    static List<Value> gelu(Call call) {
        NDArray x = call.array(0);
        if (call.attributes().text("approximate", "none").equals("tanh")) {
            NDArray inner =
                    Scalars.times(Scalars.times(x.square(), 0.044715).add(1).mul(x), Math.sqrt(2 / Math.PI));
            return Call.dense(Scalars.times(x, 0.5).mul(inner.tanh().add(1)));
        }
        return Call.dense(Activation.gelu(x));
    }

    static List<Value> swish(Call call) {
        NDArray x = call.array(0);
        return Call.dense(
                x.mul(Activation.sigmoid(Scalars.times(x, call.attributes().real("alpha", 1)))));
    }

    static List<Value> softmax(Call call) {
        return normalised(call, NDArray::softmax);
    }

    static List<Value> logSoftmax(Call call) {
        return normalised(call, NDArray::logSoftmax);
    }

    static List<Value> thresholdedRelu(Call call) {
        NDArray x = call.array(0);
        NDArray above = x.gt(call.attributes().real("alpha", 1));
        return Call.dense(x.mul(above.toType(DataType.FLOAT32, false)));
    }

    static List<Value> shrink(Call call) {
        NDArray x = call.array(0);
        float lambda = call.attributes().real("lambd", 0.5f);
        float bias = call.attributes().real("bias", 0);
        NDArray above = x.gt(lambda).toType(DataType.FLOAT32, false);
        NDArray below = x.lt(-lambda).toType(DataType.FLOAT32, false);
        return Call.dense(x.sub(bias).mul(above).add(x.add(bias).mul(below)));
    }

    /** 1 at the first largest value, 0 elsewhere: the gradient is 0. */
    static List<Value> hardmax(Call call) {
        return normalised(call, (x, axis) -> {
            NDArray positions =
                    x.getManager().arange((int) x.getShape().get(axis)).toType(DataType.INT64, false);
            long[] along = new long[x.getShape().dimension()];
            Arrays.fill(along, 1);
            along[axis] = -1;
            NDArray first = x.argMax(axis).expandDims(axis);
            return positions.reshape(along).eq(first).toType(DataType.FLOAT32, false);
        });
    }

    private interface AlongAxis {
        NDArray apply(NDArray array, int axis);
    }

    /** Applies the function along one axis from opset 13 on, and over all axes from the given one on before it. */
    private static List<Value> normalised(Call call, AlongAxis function) {
        NDArray x = call.array(0);
        int rank = x.getShape().dimension();
        if (call.node().opset() >= 13) {
            return Call.dense(function.apply(x, Call.axis(call.attributes().integer("axis", -1), rank)));
        }
        int first = Call.axis(call.attributes().integer("axis", 1), rank);
        NDArray rows = x.reshape(x.getShape().slice(0, first).size(), -1);
        return Call.dense(function.apply(rows, 1).reshape(x.getShape()));
    }
}
