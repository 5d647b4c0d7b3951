package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.operators.Reductions;
import io.acclimate.train.operators.Scalars;
import io.acclimate.train.operators.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Batch normalisation's mean and variance, following the target domain: {@code s += 0.1 · (s_batch − s)} after each step, with the
 * unbiased variance, as PyTorch's running statistics do. The forward pass keeps to the running ones, as serving does (Li et al.,
 * Revisiting Batch Normalization for Practical Domain Adaptation, 2016, in its running form), instead of the batch's own (as
 * PyTorch's train mode does): rows stay independent, so source rows in the same pass change nothing, and a step on few rows stays
 * sane. Cost: two means per layer. Fails when a stream shows one class at a time, since the statistics then follow the class.
 */
final class RunningStatistics {
    private static final float MOMENTUM = 0.1f;

    private final List<GraphNode> nodes;

    /** @param nodes the batch normalisations that follow, none where statistics are frozen */
    RunningStatistics(List<GraphNode> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** The tensors that move. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        nodes.forEach(node -> names.addAll(node.inputs().subList(3, 5)));
        return names;
    }

    /** Mean and variance of the first {@code rows} rows by tensor name. Nothing for a layer that sees a single value per channel. */
    SortedMap<String, FloatTensor> of(Map<String, Value> values, int rows) {
        SortedMap<String, FloatTensor> seen = new TreeMap<>();
        for (GraphNode node : nodes) {
            NDArray input = TrainableGraph.first(
                            TrainableGraph.dense(values, node.inputs().get(0)), rows)
                    .stopGradient();
            long channels = input.getShape().get(1);
            NDArray perChannel = input.reshape(rows, channels, -1);
            long count = rows * perChannel.getShape().get(2);
            if (count > 1) {
                NDArray mean = Reductions.mean(perChannel, 0, 2);
                NDArray variance = Scalars.times(
                        Reductions.mean(perChannel.sub(mean).square(), 0, 2), (double) count / (count - 1));
                Shape shape = Shape.of((int) channels);
                seen.put(node.inputs().get(3), FloatTensor.wrap(shape, mean.toFloatArray()));
                seen.put(node.inputs().get(4), FloatTensor.wrap(shape, variance.toFloatArray()));
            }
        }
        return seen;
    }

    static FloatTensor moved(FloatTensor running, FloatTensor seen) {
        float[] out = new float[running.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = running.values()[i] + MOMENTUM * (seen.values()[i] - running.values()[i]);
        }
        return FloatTensor.wrap(running.shape(), out);
    }
}
