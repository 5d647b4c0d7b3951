package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.operators.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Fits a model to a domain by images without labels: each channel gets the mean and the variance in the target domain that it has in
 * the source domain.
 *
 * <p>A batch normalisation holds the source domain's mean and variance, so those of the target domain replace them (Li et al.,
 * <i>Revisiting Batch Normalization for Practical Domain Adaptation</i>, 2016), with as much of the source domain's as {@value #PRIOR}
 * images would count for (Schneider et al., <i>Improving robustness against common corruptions by covariate shift adaptation</i>,
 * NeurIPS 2020). A convolution or a product with a bias, which may have had a batch normalisation folded into it, holds no moments of
 * its output {@code y}. Where source images are at hand they give the moments, and then {@code (y − m_t) · s_s / s_t + m_s} becomes
 * part of its weights and bias. For a folded normalisation that is the same as the rule above. It helps a network without any, too.
 * The last layer stays as it is, since its means follow how frequent the classes are.
 *
 * <p>Images go through the network {@value #CHUNK} at a time. A layer sees what the layers before it make with the chunk's own moments, and the
 * moments of all chunks are averaged. Images that do not fill a chunk are left out. Cost: one forward pass. It fails when the classes are much
 * more or less frequent than in the source domain, because the moments then follow the classes, and on a shift that moments do not see, such as
 * inverted colours. Any thread, one at a time.
 */
public final class DomainStatistics {
    private static final int CHUNK = 32;
    private static final double PRIOR = 16;
    private static final double SMALL = 1e-5;
    /** No channel gets larger or smaller than by this factor: a channel that is nearly constant in one domain would explode. */
    private static final double LARGEST_FACTOR = 4;

    private final ModelGraph model;
    private final GraphPlan plan;
    private final Map<String, GraphNode> norms = new HashMap<>();
    private final Map<String, GraphNode> layers = new HashMap<>();
    private final Map<String, ChannelMoments> source;
    private final int chunk;

    /**
     * Learns the source domain from its images, as far as there are any.
     *
     * @param rows of the source domain, which may be none
     */
    public DomainStatistics(ModelGraph model, int count, IntFunction<FloatTensor> rows) {
        this.model = model;
        this.plan = new GraphPlan(model);
        this.chunk = model.fixedRows() == 0 ? CHUNK : model.fixedRows();
        for (GraphNode node : plan.leadingTo(plan.logits())) {
            if (node.type().equals("BatchNormalization") && ownsWeights(node, 3, 5)) {
                norms.put(node.name(), node);
            } else if (isLayer(node)) {
                layers.put(node.name(), node);
            }
        }
        layers.values().removeIf(this::isLast);
        this.source = count < chunk || layers.isEmpty() || !isPossible() ? Map.of() : moments(count, rows);
        layers.keySet().retainAll(source.keySet());
    }

    private boolean isLayer(GraphNode node) {
        boolean convolution = node.type().equals("Conv");
        return (convolution || (node.type().equals("Gemm") && node.attributes().integer("transB", 0) == 1))
                && node.inputs().size() == 3
                && ownsWeights(node, 1, 3);
    }

    /** True when these inputs are weights that no other node has. */
    private boolean ownsWeights(GraphNode node, int from, int to) {
        List<String> names = node.inputs().subList(from, to);
        return model.weights().keySet().containsAll(names)
                && model.nodes().stream()
                                .filter(other -> other.inputs().stream().anyMatch(names::contains))
                                .count()
                        == 1;
    }

    /** True when nothing but the logits, or a batch normalisation, reads what the layer makes. */
    private boolean isLast(GraphNode layer) {
        String made = layer.outputs().get(0);
        return made.equals(plan.logits())
                || plan.features().equals(layer.inputs().get(0))
                || norms.values().stream().anyMatch(norm -> norm.inputs().get(0).equals(made));
    }

    /** A model that takes a few rows only gives no moments. */
    private boolean isPossible() {
        return chunk >= CHUNK / 2;
    }

    /** The largest number of images, no more than {@code images}, that fills whole chunks. */
    public int whole(int images) {
        return isPossible() && !(norms.isEmpty() && layers.isEmpty()) ? images / chunk * chunk : 0;
    }

    private Map<String, ChannelMoments> moments(int count, IntFunction<FloatTensor> rows) {
        Map<String, ChannelMoments> means = new HashMap<>();
        try (TrainableGraph graph = open()) {
            for (int from = 0; from + chunk <= count; from += chunk) {
                try (NDManager step = graph.newStep()) {
                    Map<String, Value> values = graph.run(step, batch(from, rows), Map.of(), plan.logits());
                    double share = chunk / (double) (from + chunk);
                    layers.forEach((name, node) -> average(means, name, made(values, node), share));
                }
            }
        }
        means.values().removeIf(each -> !each.isFinite());
        return means;
    }

    /**
     * The tensors of the fitted model that differ from the source model's; none when there are too few images, or nothing to fit.
     *
     * @param rows of the target domain
     */
    public WeightDelta fit(int count, IntFunction<FloatTensor> rows) {
        int used = whole(count);
        if (used == 0) {
            return WeightDelta.EMPTY;
        }
        double weight = used / (used + PRIOR);
        Map<String, ChannelMoments> target = new HashMap<>();
        try (TrainableGraph graph = open()) {
            for (int from = 0; from < used; from += chunk) {
                double share = chunk / (double) (from + chunk);
                try (NDManager step = graph.newStep()) {
                    Map<String, Value> values = graph.begin(step, batch(from, rows), Map.of());
                    for (GraphNode node : graph.nodes(plan.logits())) {
                        walk(node, values, step, target, share, weight);
                    }
                }
            }
        }
        return target.values().stream().allMatch(ChannelMoments::isFinite) ? delta(target, weight) : WeightDelta.EMPTY;
    }

    private void walk(
            GraphNode node,
            Map<String, Value> values,
            NDManager step,
            Map<String, ChannelMoments> target,
            double share,
            double weight) {
        if (norms.containsKey(node.name())) {
            ChannelMoments seen =
                    ChannelMoments.of(TrainableGraph.dense(values, node.inputs().get(0)));
            average(target, node.name(), seen, share);
            ChannelMoments fitted = held(node).towards(seen, weight);
            values.put(node.inputs().get(3), new Value.Dense(step.create(fitted.means())));
            values.put(node.inputs().get(4), new Value.Dense(step.create(fitted.variances())));
        }
        TrainableGraph.walk(List.of(node), values, step);
        if (layers.containsKey(node.name())) {
            ChannelMoments seen = made(values, node);
            average(target, node.name(), seen, share);
            Affine affine = affine(node, seen, weight);
            NDArray made = TrainableGraph.dense(values, node.outputs().get(0));
            NDArray fitted = made.mul(perChannel(step.create(affine.factors), made))
                    .add(perChannel(step.create(affine.offsets), made));
            values.put(node.outputs().get(0), new Value.Dense(fitted));
        }
    }

    private WeightDelta delta(Map<String, ChannelMoments> target, double weight) {
        SortedMap<String, FloatTensor> changed = new TreeMap<>();
        target.forEach((name, seen) -> {
            GraphNode norm = norms.get(name);
            if (norm != null) {
                ChannelMoments fitted = held(norm).towards(seen, weight);
                FloatTensor old = weight(norm, 3);
                changed.put(norm.inputs().get(3), FloatTensor.wrap(old.shape(), fitted.means()));
                changed.put(norm.inputs().get(4), FloatTensor.wrap(old.shape(), fitted.variances()));
                return;
            }
            GraphNode layer = layers.get(name);
            if (layer != null) {
                Affine affine = affine(layer, seen, weight);
                changed.put(layer.inputs().get(1), affine.weights(weight(layer, 1)));
                changed.put(layer.inputs().get(2), affine.biases(weight(layer, 2)));
            }
        });
        return WeightDelta.of(changed);
    }

    /** What a layer's output is multiplied by, and what is then added, for each channel. */
    private static final class Affine {
        private final float[] factors;
        private final float[] offsets;

        Affine(float[] factors, float[] offsets) {
            this.factors = factors;
            this.offsets = offsets;
        }

        FloatTensor weights(FloatTensor old) {
            float[] out = old.values().clone();
            int each = out.length / factors.length;
            for (int i = 0; i < out.length; i++) {
                out[i] *= factors[i / each];
            }
            return FloatTensor.wrap(old.shape(), out);
        }

        FloatTensor biases(FloatTensor old) {
            float[] out = old.values().clone();
            for (int i = 0; i < out.length; i++) {
                out[i] = out[i] * factors[i] + offsets[i];
            }
            return FloatTensor.wrap(old.shape(), out);
        }
    }

    private Affine affine(GraphNode layer, ChannelMoments seen, double weight) {
        ChannelMoments wanted = source.getOrDefault(layer.name(), seen);
        ChannelMoments held = wanted.towards(seen, weight);
        float[] factors = new float[held.channels()];
        float[] offsets = new float[held.channels()];
        for (int i = 0; i < factors.length; i++) {
            double factor = Math.sqrt((wanted.variance(i) + SMALL) / (held.variance(i) + SMALL));
            factor = Math.max(1 / LARGEST_FACTOR, Math.min(LARGEST_FACTOR, factor));
            factors[i] = (float) factor;
            offsets[i] = (float) (wanted.mean(i) - factor * held.mean(i));
        }
        return new Affine(factors, offsets);
    }

    private ChannelMoments held(GraphNode norm) {
        return ChannelMoments.of(weight(norm, 3), weight(norm, 4));
    }

    private FloatTensor weight(GraphNode node, int input) {
        String name = node.inputs().get(input);
        FloatTensor tensor = model.weights().get(name);
        if (tensor == null) {
            throw new IllegalStateException("weight '" + name + "' of " + node + " is gone");
        }
        return tensor;
    }

    private TrainableGraph open() {
        return new TrainableGraph(model, plan, Optional.empty(), model.weights());
    }

    private FloatTensor batch(int from, IntFunction<FloatTensor> rows) {
        List<FloatTensor> batch = new ArrayList<>();
        IntStream.range(from, from + chunk).mapToObj(rows).forEach(batch::add);
        return FloatTensor.stack(batch);
    }

    private static ChannelMoments made(Map<String, Value> values, GraphNode node) {
        return ChannelMoments.of(TrainableGraph.dense(values, node.outputs().get(0)));
    }

    /** Moves the mean of what came before by the share of what is new in all. */
    private static void average(Map<String, ChannelMoments> means, String name, ChannelMoments seen, double share) {
        means.merge(name, seen, (before, fresh) -> before.towards(fresh, share));
    }

    private static NDArray perChannel(NDArray vector, NDArray like) {
        long[] extents = new long[like.getShape().dimension()];
        Arrays.fill(extents, 1);
        extents[1] = -1;
        return vector.reshape(extents);
    }
}
