package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.WeightDelta;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that steps change, their exponential average, and the optimiser's state. A step changes all of them or none. The
 * average is changed in place, unless somebody has been given it: of all weights of a large network, each array more that a step makes is
 * a tenth of the heap. For one thread at a time.
 */
final class TrainedWeights {
    private final TrainSettings settings;
    private final Optimizer optimizer;
    private final RunningStatistics statistics;
    private SortedMap<String, FloatTensor> weights;
    private SortedMap<String, FloatTensor> average;
    private SortedMap<String, FloatTensor> state = new TreeMap<>();
    /** True while nobody else has the arrays of the average. */
    private boolean averageIsOwn;

    private double rate;
    private double scale = 1;
    private long steps;

    TrainedWeights(SortedMap<String, FloatTensor> start, TrainSettings settings, RunningStatistics statistics) {
        this(start, settings, statistics, Map.of());
    }

    /** @param fresh the bounds of steps of tensors with untrained rows */
    TrainedWeights(
            SortedMap<String, FloatTensor> start,
            TrainSettings settings,
            RunningStatistics statistics,
            Map<String, FreshRowLimit> fresh) {
        this.settings = settings;
        this.optimizer = new Optimizer(settings.optimizer(), fresh, layers(start, statistics));
        this.statistics = statistics;
        this.weights = start;
        this.average = start;
        this.rate = settings.optimizer().learningRate();
    }

    /** Counts the weight matrices and kernels; biases, scales and statistics move along with a layer. */
    private static int layers(Map<String, FloatTensor> weights, RunningStatistics statistics) {
        return (int) weights.entrySet().stream()
                .filter(each -> each.getValue().shape().rank() > 1
                        && !statistics.names().contains(each.getKey()))
                .count();
    }

    SortedMap<String, FloatTensor> weights() {
        return weights;
    }

    /** The average as it is now. Later steps leave what was given here as it is. */
    SortedMap<String, FloatTensor> average() {
        averageIsOwn = false;
        return average;
    }

    SortedMap<String, FloatTensor> state() {
        return state;
    }

    long steps() {
        return steps;
    }

    void learningRate(double value) {
        rate = value;
    }

    void stepScale(double value) {
        scale = value;
    }

    /**
     * One step down the gradients, which are overwritten. Weights without a gradient stay as they are, and so does what the optimiser
     * knows of them.
     *
     * @return false when a loss, gradient, weight or state is not finite: then nothing has changed
     */
    boolean advance(Objective.Result result) {
        double norm = result.report().gradientNorm();
        if (!Double.isFinite(result.report().total()) || !Double.isFinite(norm)) {
            return false;
        }
        double clip = settings.optimizer().clip();
        float shrink = (float) (norm > clip ? clip / (norm + 1e-6) : 1);
        SortedMap<String, FloatTensor> newWeights = new TreeMap<>();
        SortedMap<String, FloatTensor> newState = new TreeMap<>(state);
        boolean finite = true;
        for (Map.Entry<String, FloatTensor> each : weights.entrySet()) {
            String name = each.getKey();
            FloatTensor seen = result.seen().get(name);
            FloatTensor moved = each.getValue();
            if (statistics.names().contains(name)) {
                moved = seen == null ? each.getValue() : RunningStatistics.moved(each.getValue(), seen);
            } else if (result.gradients().containsKey(name)) {
                float[] gradient = result.gradients().getOrDefault(name, new float[0]);
                if (shrink != 1) {
                    for (int i = 0; i < gradient.length; i++) {
                        gradient[i] *= shrink;
                    }
                }
                Optimizer.Update update =
                        optimizer.update(name, each.getValue(), gradient, state, rate, scale, steps + 1);
                newState.putAll(update.state());
                moved = update.weights();
                finite &= update.finite();
                newWeights.put(name, moved);
                continue;
            }
            finite &= Optimizer.isFinite(moved.values());
            newWeights.put(name, moved);
        }
        if (!finite) {
            return false;
        }
        weights = newWeights;
        state = newState;
        follow();
        steps++;
        return true;
    }

    /**
     * The average follows the weights. Warm-up: a young average forgets fast, or it would be served long after the weights have left it
     * behind. The decay is a factor and not a bound, so that it makes a difference from the first step on.
     */
    private void follow() {
        float keep = (float) (settings.averageDecay() * (1.0 + steps) / (10.0 + steps));
        if (keep == 0) {
            average = weights;
            averageIsOwn = false;
            return;
        }
        SortedMap<String, FloatTensor> followed = new TreeMap<>();
        weights.forEach((name, fresh) -> followed.put(name, blended(average.get(name), fresh, keep)));
        average = followed;
        averageIsOwn = true;
    }

    private FloatTensor blended(@Nullable FloatTensor old, FloatTensor fresh, float keep) {
        if (old == null) {
            return FloatTensor.copyOf(fresh.shape(), fresh.values());
        }
        float[] out = averageIsOwn ? old.values() : new float[fresh.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = keep * old.values()[i] + (1 - keep) * fresh.values()[i];
        }
        return FloatTensor.wrap(fresh.shape(), out);
    }

    void restore(WeightDelta newWeights, WeightDelta newAverage, WeightDelta newState, long newSteps) {
        weights = restored(weights, newWeights);
        average = restored(average, newAverage);
        averageIsOwn = false;
        state = new TreeMap<>(newState.tensors());
        steps = newSteps;
    }

    private static SortedMap<String, FloatTensor> restored(SortedMap<String, FloatTensor> old, WeightDelta saved) {
        SortedMap<String, FloatTensor> out = new TreeMap<>(old);
        old.forEach((name, tensor) -> {
            FloatTensor each = saved.tensors().get(name);
            if (each == null || !each.shape().equals(tensor.shape())) {
                throw new IllegalArgumentException(
                        "the saved weights have no '" + name + "' of shape " + tensor.shape());
            }
            out.put(name, each);
        });
        return out;
    }
}
