package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns a gradient into a change of weights, in plain Java floats: the state is ours to save and the arithmetic is the same
 * on every platform. No update writes into the weights or the state that it is given, so a step can still be thrown away. It may
 * write into the gradient, which nobody needs after it: momentum takes that array, since a step on all weights of a large network
 * has one copy of them less on the heap then.
 */
final class Optimizer {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final OptimizerSettings settings;
    private final double largestMove;
    /** By the tensors that hold untrained rows. */
    private final Map<String, FreshRowLimit> fresh;

    /** For tensors without rows that nobody has trained yet. */
    Optimizer(OptimizerSettings settings) {
        this(settings, Map.of(), 1);
    }

    /** @param layers that are trained */
    Optimizer(OptimizerSettings settings, Map<String, FreshRowLimit> fresh, int layers) {
        this.settings = settings;
        this.largestMove = settings.moves().of(layers);
        this.fresh = settings.moves().fresh() > 0 ? Map.copyOf(fresh) : Map.of();
    }

    /**
     * New weights and state of one parameter.
     *
     * @param finite whether all of them are finite
     */
    record Update(FloatTensor weights, SortedMap<String, FloatTensor> state, boolean finite) {}

    /**
     * @param gradient is overwritten
     * @param scale of the whole step, 1 unless training had to start again with smaller ones
     * @param step counts from 1
     */
    Update update(
            String name,
            FloatTensor from,
            float[] gradient,
            Map<String, FloatTensor> state,
            double rate,
            double scale,
            long step) {
        FreshRowLimit rows = settings.isAutomatic() ? fresh.get(name) : null;
        double share = settings.isAutomatic() && rows == null ? largestMove * scale : Double.POSITIVE_INFINITY;
        Update update = settings.kind() == OptimizerSettings.Kind.SGD
                ? sgd(name, from, gradient, state, (float) (rate * scale), share)
                : adamW(name, from, gradient, state, rate * scale, share, step);
        if (rows != null) {
            rows.apply(
                    from.values(),
                    update.weights().values(),
                    largestMove * scale,
                    settings.moves().fresh() * scale);
        }
        return update;
    }

    /**
     * PyTorch's momentum: {@code v = μ·v + g + wd·w; w −= lr·v}. The gradient's array has {@code v} afterwards. The sums that the limit of
     * the move is taken of, and that tell whether all numbers are finite, are taken in the same pass: four passes over the weights of a small
     * network were a tenth of its step. A sum of squares of floats in a double does not overflow, so it is finite only if all weights are,
     * and a velocity that is not finite leaves no finite weight.
     */
    private Update sgd(
            String name, FloatTensor from, float[] gradient, Map<String, FloatTensor> state, float rate, double share) {
        float[] weights = from.values();
        float momentum = (float) settings.momentum();
        float decay = (float) settings.weightDecay();
        FloatTensor last = state.get("momentum/" + name);
        float[] before = last == null ? new float[weights.length] : last.values();
        float[] out = new float[weights.length];
        double squares = 0;
        double moved = 0;
        for (int i = 0; i < out.length; i++) {
            float weight = weights[i];
            float velocity = momentum * before[i] + gradient[i] + decay * weight;
            float to = weight - rate * velocity;
            gradient[i] = velocity;
            out[i] = to;
            double change = (double) to - weight;
            squares += (double) weight * weight;
            moved += change * change;
        }
        MoveLimit.apply(weights, out, share, squares, moved);
        return new Update(
                FloatTensor.wrap(from.shape(), out),
                new TreeMap<>(Map.of("momentum/" + name, FloatTensor.wrap(from.shape(), gradient))),
                Double.isFinite(moved));
    }

    /** Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019. */
    private Update adamW(
            String name,
            FloatTensor from,
            float[] gradient,
            Map<String, FloatTensor> state,
            double rate,
            double share,
            long step) {
        float[] weights = from.values();
        float[] mean = copy(state, "adam.mean/" + name, weights.length);
        float[] square = copy(state, "adam.square/" + name, weights.length);
        double correction1 = 1 - StrictMath.pow(BETA1, (double) step);
        double correction2 = 1 - StrictMath.pow(BETA2, (double) step);
        float[] out = new float[weights.length];
        for (int i = 0; i < out.length; i++) {
            mean[i] = (float) (BETA1 * mean[i] + (1 - BETA1) * gradient[i]);
            square[i] = (float) (BETA2 * square[i] + (1 - BETA2) * gradient[i] * gradient[i]);
            double change = mean[i] / correction1 / (Math.sqrt(square[i] / correction2) + EPSILON);
            out[i] = (float) (weights[i] * (1 - rate * settings.weightDecay()) - rate * change);
        }
        MoveLimit.apply(weights, out, share);
        return new Update(
                FloatTensor.wrap(from.shape(), out),
                new TreeMap<>(Map.of(
                        "adam.mean/" + name,
                        FloatTensor.wrap(from.shape(), mean),
                        "adam.square/" + name,
                        FloatTensor.wrap(from.shape(), square))),
                isFinite(out) && isFinite(mean) && isFinite(square));
    }

    private static float[] copy(Map<String, FloatTensor> state, String name, int length) {
        FloatTensor known = state.get(name);
        return known == null ? new float[length] : known.values().clone();
    }

    static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
