package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations. Batch statistics are frozen: those of the model are used and never changed, since online batches are small and biased. */
final class Normalizations {
    private Normalizations() {}

    static List<Value> batch(Call call) {
        NDArray input = call.array(0);
        NDArray factor = call.array(1)
                .div(call.array(4).add(call.attributes().real("epsilon", 1e-5f)).sqrt());
        NDArray offset = call.array(2).sub(call.array(3).mul(factor));
        return Call.dense(input.mul(perChannel(factor, input)).add(perChannel(offset, input)));
    }

    private static NDArray perChannel(NDArray vector, NDArray like) {
        long[] extents = new long[like.getShape().dimension()];
        Arrays.fill(extents, 1);
        extents[1] = -1;
        return vector.reshape(extents);
    }

    static List<Value> layer(Call call) {
        NDArray input = call.array(0);
        int rank = input.getShape().dimension();
        int first = Call.axis(call.attributes().integer("axis", -1), rank);
        NDArray out = standardised(call, input, IntStream.range(first, rank).toArray())
                .mul(call.array(1));
        return Call.dense(call.has(2) ? out.add(call.array(2)) : out);
    }

    static List<Value> instance(Call call) {
        NDArray input = call.array(0);
        NDArray out = standardised(call, input, Pooling.spatial(input));
        return Call.dense(out.mul(perChannel(call.array(1), input)).add(perChannel(call.array(2), input)));
    }

    private static NDArray standardised(Call call, NDArray input, int[] axes) {
        NDArray centred = input.sub(Reductions.mean(input, axes));
        NDArray variance = Reductions.mean(centred.square(), axes);
        return centred.div(
                variance.add(call.attributes().real("epsilon", 1e-5f)).sqrt());
    }
}
