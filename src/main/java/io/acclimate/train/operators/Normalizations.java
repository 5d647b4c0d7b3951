package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Normalisations. Batch statistics are frozen: those of the model are used and never changed, since online batches are small and biased. */
final class Normalizations {
    private Normalizations() {}

    static void addTo(Map<String, Operator> table) {
        table.put("BatchNormalization", Normalizations::batch);
        table.put("LayerNormalization", Normalizations::layer);
        table.put("RMSNormalization", Normalizations::rootMeanSquare);
        table.put("InstanceNormalization", Normalizations::instance);
        table.put("GroupNormalization", Normalizations::group);
        table.put("LRN", Normalizations::local);
        table.put("MeanVarianceNormalization", Normalizations::meanVariance);
        table.put("LpNormalization", Normalizations::toUnitNorm);
    }

    static List<Value> batch(Call call) {
        if (call.attributes().integer("training_mode", 0) == 1) {
            throw call.unsupported("was exported in training mode");
        }
        NDArray input = call.array(0);
        NDArray mean = call.array(3);
        NDArray variance = call.array(4);
        float epsilon = call.attributes().real("epsilon", 1e-5f);
        if (mean.hasGradient() || variance.hasGradient()) {
            NDArray factor = call.array(1).div(variance.add(epsilon).sqrt());
            NDArray offset = call.array(2).sub(mean.mul(factor));
            return Call.dense(input.mul(perChannel(factor, input)).add(perChannel(offset, input)));
        }
        // One kernel instead of two passes over the activations; it has no gradient for the statistics.
        NDArray scale = call.array(1);
        NDArray shift = call.array(2);
        return Call.dense(input.getNDArrayInternal()
                .batchNorm(input, mean, variance, scale, shift, 1, 0, epsilon, false)
                .singletonOrThrow());
    }

    static NDArray perChannel(NDArray vector, NDArray like) {
        long[] extents = new long[like.getShape().dimension()];
        Arrays.fill(extents, 1);
        extents[1] = -1;
        return vector.reshape(extents);
    }

    /** Gives the mean and the inverse deviation too. */
    static List<Value> layer(Call call) {
        NDArray input = call.array(0);
        int rank = input.getShape().dimension();
        int first = Call.axis(call.attributes().integer("axis", -1), rank);
        int[] axes = IntStream.range(first, rank).toArray();
        if (call.node().outputs().size() == 1 && call.has(2)) {
            return Call.dense(LayerNorm.layerNorm(
                            input,
                            input.getShape().slice(first),
                            call.array(1),
                            call.array(2),
                            call.attributes().real("epsilon", 1e-5f))
                    .singletonOrThrow());
        }
        NDArray mean = Reductions.mean(input, axes);
        NDArray centred = input.sub(mean);
        NDArray inverse = inverseDeviation(call, centred, axes);
        NDArray out = centred.mul(inverse).mul(call.array(1));
        return List.of(
                new Value.Dense(call.has(2) ? out.add(call.array(2)) : out),
                new Value.Dense(mean),
                new Value.Dense(inverse));
    }

    static List<Value> rootMeanSquare(Call call) {
        NDArray input = call.array(0);
        int rank = input.getShape().dimension();
        int[] axes = IntStream.range(Call.axis(call.attributes().integer("axis", -1), rank), rank)
                .toArray();
        return Call.dense(input.mul(inverseDeviation(call, input, axes)).mul(call.array(1)));
    }

    static List<Value> instance(Call call) {
        NDArray input = call.array(0);
        NDArray out = standardised(call, input, Pooling.spatial(input));
        return Call.dense(out.mul(perChannel(call.array(1), input)).add(perChannel(call.array(2), input)));
    }

    /** Scale and shift are per group before opset 21, per channel from it on. */
    static List<Value> group(Call call) {
        NDArray input = call.array(0);
        long groups = call.attributes().integer("num_groups", 1);
        NDArray grouped = input.reshape(input.getShape().get(0), groups, -1);
        NDArray out = standardised(call, grouped, 2).reshape(input.getShape());
        NDArray scale = perChannel(spread(call.array(1), input), input);
        return Call.dense(out.mul(scale).add(perChannel(spread(call.array(2), input), input)));
    }

    private static NDArray spread(NDArray perGroup, NDArray input) {
        long groups = perGroup.getShape().get(0);
        long channels = input.getShape().get(1);
        return perGroup.reshape(groups, 1).broadcast(groups, channels / groups).reshape(channels);
    }

    /** {@code x / (bias + alpha / size · Σ x²)^beta} over {@code size} neighbouring channels. */
    static List<Value> local(Call call) {
        NDArray input = call.array(0);
        long size = call.attributes().integer("size", 1);
        long channels = input.getShape().get(1);
        NDArray squares = Padding.padded(input.square(), 1, (size - 1) / 2, size / 2, 0);
        NDArray sum = Axes.range(squares, 1, 0, channels, 1);
        for (long i = 1; i < size; i++) {
            sum = sum.add(Axes.range(squares, 1, i, i + channels, 1));
        }
        NDArray base = Scalars.times(sum, call.attributes().real("alpha", 1e-4f) / size)
                .add(call.attributes().real("bias", 1));
        return Call.dense(input.div(Scalars.power(base, call.attributes().real("beta", 0.75f))));
    }

    static List<Value> meanVariance(Call call) {
        NDArray input = call.array(0);
        int[] axes = LongStream.of(call.attributes().integers("axes", 0, 2, 3))
                .mapToInt(axis -> Call.axis(axis, input.getShape().dimension()))
                .toArray();
        NDArray centred = input.sub(Reductions.mean(input, axes));
        return Call.dense(
                centred.div(Reductions.mean(centred.square(), axes).sqrt().add(1e-9)));
    }

    /** {@code x / |x|} by the 1- or 2-norm along one axis. */
    static List<Value> toUnitNorm(Call call) {
        NDArray x = call.array(0);
        int[] axis = {
            Call.axis(call.attributes().integer("axis", -1), x.getShape().dimension())
        };
        boolean absolute = call.attributes().integer("p", 2) == 1;
        NDArray norm =
                absolute ? x.abs().sum(axis, true) : x.square().sum(axis, true).sqrt();
        return Call.dense(x.div(norm));
    }

    private static NDArray standardised(Call call, NDArray input, int... axes) {
        NDArray centred = input.sub(Reductions.mean(input, axes));
        return centred.mul(inverseDeviation(call, centred, axes));
    }

    private static NDArray inverseDeviation(Call call, NDArray centred, int... axes) {
        NDArray variance = Reductions.mean(centred.square(), axes);
        return Elementwise.reciprocal(
                variance.add(call.attributes().real("epsilon", 1e-5f)).sqrt());
    }
}
