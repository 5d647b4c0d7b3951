package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.train.losses.Alignment;
import io.acclimate.train.operators.Scalars;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The domain classifier of DANN (Ganin et al., <i>Domain-Adversarial Training of Neural Networks</i>, JMLR 17, 2016): a network with one
 * hidden layer of {@value #HIDDEN} units that tells features of source rows from features of target rows. It learns to tell them apart,
 * and through a gradient reversal the model learns features that it cannot tell apart. Its loss L_d is the cross-entropy, with both domains
 * weighed alike. {@code ln 2 − L_d} is a lower bound of the Jensen-Shannon divergence of the features: 0 where it can only guess, ln 2 where
 * it knows. The model goes down {@code μ · λ_p · (ln 2 − L_d)}, while the classifier itself goes down L_d, whatever μ and λ_p are.
 *
 * <p>{@code λ_p = 2 / (1 + exp(−10 p)) − 1} is the schedule of the paper, so that a classifier which knows nothing yet does not disturb the
 * model. There p is the share of training that is done. A stream has no end, so here p is the share of the classifier's first
 * {@value #HORIZON} steps that it has made, and 1 from then on.
 *
 * <p>Variants: features are brought to mean 0 and variance 1 over all rows of the step, as part of the gradient, so that the scale of a
 * model's features does not matter and shrinking all of them wins nothing. The classifier learns by Adam at {@value #RATE}, since the
 * learning rate and the bounds of the model's steps are no measure for it. Both its start and its order of arithmetic follow from the seed.
 * It is no part of the model, so no version has it; a checkpoint has it beside the state of the optimiser.
 *
 * <p>Cost: two small products over the rows' features. It fails where the classes of both domains differ in frequency, since equal
 * features would then be wrong ones, and where steps are few: it must have learnt something before it teaches anything. For one thread.
 */
final class DomainClassifier {
    static final int HIDDEN = 100;
    static final int HORIZON = 1000;
    static final double RATE = 0.001;

    /** Begins all names of its tensors. */
    private static final String NAME = "domain classifier/";

    private static final String STEPS = NAME + "steps";
    private static final String HIDDEN_WEIGHT = NAME + "hidden.weight";
    private static final String HIDDEN_BIAS = NAME + "hidden.bias";
    private static final String LAST_WEIGHT = NAME + "last.weight";
    private static final String LAST_BIAS = NAME + "last.bias";
    private static final double LN_2 = StrictMath.log(2);
    /** Of the mean variance of all features: a feature that hardly varies is not blown up. */
    private static final double LEAST_VARIANCE = 1e-3;

    private static final float NOTHING = 1e-12f;

    private final Optimizer optimizer =
            new Optimizer(new OptimizerSettings(OptimizerSettings.Kind.ADAMW, RATE, 0, 0, Double.POSITIVE_INFINITY));
    private final long seed;
    private SortedMap<String, FloatTensor> weights = new TreeMap<>();
    private SortedMap<String, FloatTensor> moments = new TreeMap<>();
    private long steps;

    DomainClassifier(long seed) {
        this.seed = seed;
    }

    /** λ_p of the next step. */
    double strength() {
        double p = Math.min(1, steps / (double) HORIZON);
        return 2 / (1 + StrictMath.exp(-10 * p)) - 1;
    }

    /**
     * What it makes of the features of a step.
     *
     * @param loss L_d, whose gradient is reversed and multiplied by {@code μ · λ_p} before it reaches the features
     * @param leaves its own weights
     */
    record Judgement(NDArray loss, Map<String, NDArray> leaves) {
        /** The estimated divergence of the features. */
        double distance() {
            return LN_2 - loss.getFloat();
        }
    }

    /**
     * Tells the rows of features apart.
     *
     * @param features {@code [rows, d]} of the target rows, then the source rows
     * @param targets the number of target rows
     */
    Judgement judge(NDManager step, NDArray features, int targets, double mu) {
        begin(Math.toIntExact(features.getShape().get(1)));
        Map<String, NDArray> leaves = TrainableGraph.leaves(step, weights, weights.keySet(), new StepMemory());
        NDArray seen = standardised(Alignment.reversed(features, mu * strength()));
        NDArray hidden =
                Activation.relu(seen.matMul(leaf(leaves, HIDDEN_WEIGHT)).add(leaf(leaves, HIDDEN_BIAS)));
        NDArray sure = hidden.matMul(leaf(leaves, LAST_WEIGHT)).add(leaf(leaves, LAST_BIAS));
        NDList parts = sure.split(new long[] {targets}, 0);
        NDArray missedTargets = Activation.softPlus(parts.get(0)).mean();
        NDArray missedSources = Activation.softPlus(parts.get(1).neg()).mean();
        return new Judgement(Scalars.over(missedTargets.add(missedSources), 2), leaves);
    }

    private static NDArray standardised(NDArray features) {
        NDArray centred = features.sub(features.mean(new int[] {0}, true));
        NDArray variance = centred.square().mean(new int[] {0}, true);
        NDArray least = Scalars.times(variance.mean(), LEAST_VARIANCE).add(NOTHING);
        return centred.div(variance.add(least).sqrt());
    }

    private static NDArray leaf(Map<String, NDArray> leaves, String name) {
        NDArray leaf = leaves.get(name);
        if (leaf == null) {
            throw new IllegalStateException("the domain classifier has no '" + name + "'");
        }
        return leaf;
    }

    /** Begins anew where it does not know features of this width. */
    private void begin(int width) {
        FloatTensor known = weights.get(HIDDEN_WEIGHT);
        if (known != null && known.shape().extent(0) == width) {
            return;
        }
        Random random = new Random(seed);
        weights = new TreeMap<>(Map.of(
                HIDDEN_WEIGHT, uniform(random, Math.sqrt(6.0 / width), width, HIDDEN),
                HIDDEN_BIAS, uniform(random, 0, HIDDEN),
                LAST_WEIGHT, uniform(random, Math.sqrt(1.0 / HIDDEN), HIDDEN, 1),
                LAST_BIAS, uniform(random, 0, 1)));
        moments = new TreeMap<>();
        steps = 0;
    }

    private static FloatTensor uniform(Random random, double most, int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (most * (2 * random.nextDouble() - 1));
        }
        return FloatTensor.wrap(shape, values);
    }

    /** Makes a step of its own. Gradients that are not finite leave it as it is. */
    void learn(Map<String, float[]> gradients) {
        if (gradients.isEmpty() || !gradients.values().stream().allMatch(Optimizer::isFinite)) {
            return;
        }
        SortedMap<String, FloatTensor> moved = new TreeMap<>();
        SortedMap<String, FloatTensor> movedMoments = new TreeMap<>();
        weights.forEach((name, tensor) -> {
            Optimizer.Update update = optimizer.update(
                    name, tensor, gradients.getOrDefault(name, new float[0]), moments, RATE, 1, steps + 1);
            moved.put(name, update.weights());
            movedMoments.putAll(update.state());
        });
        weights = moved;
        moments = movedMoments;
        steps++;
    }

    /** Its weights, their moments and its steps; empty before its first step. */
    SortedMap<String, FloatTensor> state() {
        SortedMap<String, FloatTensor> state = new TreeMap<>();
        if (steps > 0) {
            state.putAll(weights);
            state.putAll(moments);
            // Exact up to 16 million steps, from where on neither λ_p nor Adam changes with their number.
            state.put(STEPS, FloatTensor.wrap(Shape.of(1), new float[] {(float) steps}));
        }
        return state;
    }

    /** Continues from what {@link #state} gave among other tensors. Begins anew where they have nothing of it. */
    void restore(Map<String, FloatTensor> state) {
        SortedMap<String, FloatTensor> own = new TreeMap<>(state);
        own.keySet().removeIf(name -> !isOwn(name));
        FloatTensor made = own.remove(STEPS);
        weights = new TreeMap<>();
        moments = new TreeMap<>();
        steps = 0;
        if (made != null && own.keySet().containsAll(List.of(HIDDEN_WEIGHT, HIDDEN_BIAS, LAST_WEIGHT, LAST_BIAS))) {
            own.forEach((name, tensor) -> (name.startsWith(NAME) ? weights : moments).put(name, tensor));
            steps = (long) made.values()[0];
        }
    }

    /** True when a tensor of this name in a state is a domain classifier's. */
    static boolean isOwn(String name) {
        return name.startsWith(NAME) || name.startsWith("adam.mean/" + NAME) || name.startsWith("adam.square/" + NAME);
    }
}
