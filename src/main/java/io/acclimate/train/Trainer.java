package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One model in training: its weights, their average, the optimiser's state, and the steps that change them. For one thread at a
 * time.
 */
public final class Trainer implements AutoCloseable {
    private static final int PROBE_ROWS = 4;
    private static final double PARITY = 1e-4;

    private final ModelGraph model;
    private final GraphPlan plan;
    private final TrainSettings settings;
    private final Optimizer optimizer;
    private final TrainableGraph graph;
    private final Objective objective;
    private final Set<String> trainable;
    private final SortedMap<String, FloatTensor> fixedDelta;
    private SortedMap<String, FloatTensor> weights = new TreeMap<>();
    private SortedMap<String, FloatTensor> average = new TreeMap<>();
    private SortedMap<String, FloatTensor> state = new TreeMap<>();
    private double rate;
    private long steps;

    private Trainer(ModelGraph model, GraphPlan plan, String layer, WeightDelta start, TrainSettings settings) {
        this.model = model;
        this.settings = settings;
        this.plan = plan;
        this.optimizer = new Optimizer(settings);
        this.rate = settings.learningRate();
        SortedMap<String, FloatTensor> all = new TreeMap<>(model.weights());
        all.putAll(start.tensors());
        this.trainable = TrainableSet.resolve(settings.trainable(), plan, all);
        this.fixedDelta = new TreeMap<>(start.tensors());
        fixedDelta.keySet().removeAll(trainable);
        for (String name : trainable) {
            FloatTensor tensor = all.remove(name);
            if (tensor != null) {
                weights.put(name, tensor);
            }
        }
        average.putAll(weights);
        this.graph = new TrainableGraph(model, plan, all);
        SortedMap<String, FloatTensor> sourceModel = new TreeMap<>(model.weights());
        sourceModel.keySet().removeIf(name -> !trainable.contains(name) && !fixedDelta.containsKey(name));
        this.objective = new Objective(graph, plan, settings.terms(), layer, sourceModel);
    }

    /** Opens the model with {@code start} laid over its base weights, and walks its graph once on a probe batch. */
    public static Trainer open(ModelGraph model, WeightDelta start, TrainSettings settings)
            throws UntrainableModelException {
        GraphPlan plan = new GraphPlan(model);
        String named = settings.terms().layer();
        String layer = plan.layer(named)
                .orElseThrow(() -> new UntrainableModelException(
                        model.card().name(), "no layer or value '" + named + "' leads to its logits"));
        Trainer trainer = new Trainer(model, plan, layer, start, settings);
        try {
            if (trainer.trainable.isEmpty()) {
                throw new UntrainableModelException(
                        model.card().name(),
                        "trainable '" + settings.trainable() + "' names none of its weights "
                                + model.weights().keySet());
            }
            int classes = trainer.outputs(trainer.probe()).shape().extent(1);
            if (classes != model.card().classes().count()) {
                throw new UntrainableModelException(
                        model.card().name(),
                        "it gives " + classes + " values per row, its card names "
                                + model.card().classes().count() + " classes");
            }
            return trainer;
        } catch (UntrainableModelException e) {
            trainer.close();
            throw e;
        } catch (RuntimeException e) {
            trainer.close();
            throw new UntrainableModelException(model.card().name(), String.valueOf(e.getMessage()), e);
        }
    }

    /** {@code [4, row…]} standard normal values, the same ones each time. */
    public FloatTensor probe() {
        Shape shape = model.card().input().row().prepend(PROBE_ROWS);
        float[] values = new float[Math.toIntExact(shape.elements())];
        Random random = new Random(settings.seed());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(shape, values);
    }

    /**
     * Proves that this graph is the model: its output equals that of {@code reference}, the model in another runtime, on the
     * probe batch, within 1e-4 of the output's scale.
     *
     * @return the largest absolute difference relative to scale
     */
    public double prove(UnaryOperator<FloatTensor> reference) throws UntrainableModelException {
        float[] ours = outputs(probe()).values();
        float[] theirs = reference.apply(probe()).values();
        if (ours.length != theirs.length) {
            throw new UntrainableModelException(
                    model.card().name(),
                    "its output has " + theirs.length + " values for " + PROBE_ROWS + " rows, the trainable graph "
                            + ours.length);
        }
        double scale = Float.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < ours.length; i++) {
            scale = Math.max(scale, Math.abs(theirs[i]));
            difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
        }
        if (!Double.isFinite(scale) || !(difference <= PARITY * scale) || !Optimizer.isFinite(ours)) {
            throw new UntrainableModelException(
                    model.card().name(),
                    "the trainable graph differs from the model by " + difference + " at scale " + scale
                            + ", the bound is " + PARITY + " of scale");
        }
        return difference / scale;
    }

    /** One adaptation step. A loss, gradient or weight that is not finite changes nothing and is reported as skipped. */
    public StepReport step(LabelledBatch target, Optional<LabelledBatch> source) {
        FloatTensor inputs =
                source.map(more -> joined(target.inputs(), more.inputs())).orElse(target.inputs());
        Objective.Result result = objective.differentiate(inputs, target, source, weights);
        StepReport report = result.report();
        double scale = report.gradientNorm() > settings.clip() ? settings.clip() / (report.gradientNorm() + 1e-6) : 1;
        boolean taken = Double.isFinite(report.total())
                && Double.isFinite(report.gradientNorm())
                && advance(result.gradients(), (float) scale);
        return taken ? report : report.asSkipped();
    }

    private boolean advance(SortedMap<String, float[]> gradients, float scale) {
        SortedMap<String, FloatTensor> newWeights = new TreeMap<>();
        SortedMap<String, FloatTensor> newState = new TreeMap<>();
        SortedMap<String, FloatTensor> newAverage = new TreeMap<>();
        // Warm-up: a young average forgets fast, or it would be served long after the weights have left it behind.
        float keep = (float) Math.min(settings.averageDecay(), (1.0 + steps) / (10.0 + steps));
        for (Map.Entry<String, FloatTensor> each : weights.entrySet()) {
            String name = each.getKey();
            float[] gradient = gradients.getOrDefault(name, new float[0]);
            if (scale != 1) {
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] *= scale;
                }
            }
            Optimizer.Update update = optimizer.update(name, each.getValue(), gradient, state, rate, steps + 1);
            if (!update.finite()) {
                return false;
            }
            newWeights.put(name, update.weights());
            newState.putAll(update.state());
            newAverage.put(name, blended(average.get(name), update.weights(), keep));
        }
        weights = newWeights;
        state = newState;
        average = newAverage;
        steps++;
        return true;
    }

    private static FloatTensor blended(@Nullable FloatTensor old, FloatTensor fresh, float keep) {
        if (old == null || keep == 0) {
            return fresh;
        }
        float[] out = new float[fresh.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = keep * old.values()[i] + (1 - keep) * fresh.values()[i];
        }
        return FloatTensor.wrap(fresh.shape(), out);
    }

    private static FloatTensor joined(FloatTensor first, FloatTensor second) {
        if (!first.shape().tail().equals(second.shape().tail())) {
            throw new IllegalArgumentException("target rows are "
                    + first.shape().tail() + ", source rows " + second.shape().tail());
        }
        float[] values = Arrays.copyOf(first.values(), first.values().length + second.values().length);
        System.arraycopy(second.values(), 0, values, first.values().length, second.values().length);
        return FloatTensor.wrap(
                first.shape()
                        .tail()
                        .prepend(first.shape().extent(0) + second.shape().extent(0)),
                values);
    }

    /** The model's own output {@code [rows, classes]} under the current weights. */
    public FloatTensor outputs(FloatTensor batch) {
        return forward(batch, plan.output());
    }

    /** What the loss is taken of, {@code [rows, classes]}: the output before a recognised Softmax or Sigmoid. */
    public FloatTensor logits(FloatTensor batch) {
        return forward(batch, plan.logits());
    }

    private FloatTensor forward(FloatTensor batch, String wanted) {
        try (NDManager step = graph.newStep()) {
            NDArray rows = TrainableGraph.rows(
                    graph.run(step, batch, TrainableGraph.leaves(step, weights, false), wanted), wanted);
            long[] extents = rows.getShape().getShape();
            return FloatTensor.wrap(Shape.of((int) extents[0], (int) extents[1]), rows.toFloatArray());
        }
    }

    public TrainSettings settings() {
        return settings;
    }

    /** The names of the weights in training. */
    public Set<String> trainable() {
        return trainable;
    }

    /** For schedules; {@link #open} sets it from the settings. */
    public void learningRate(double value) {
        rate = value;
    }

    /** Everything that differs from the base graph: the trained tensors and those the trainer was opened with. */
    public WeightDelta weights() {
        return delta(weights);
    }

    /** The exponential average of the weights over the steps. */
    public WeightDelta average() {
        return delta(average);
    }

    private WeightDelta delta(Map<String, FloatTensor> trained) {
        Map<String, FloatTensor> all = new TreeMap<>(fixedDelta);
        all.putAll(trained);
        return WeightDelta.of(all);
    }

    public WeightDelta optimizerState() {
        return WeightDelta.of(state);
    }

    public long steps() {
        return steps;
    }

    /** Takes up where another trainer of the same model and settings stopped; the next step gives the same bits as there. */
    public void restore(WeightDelta newWeights, WeightDelta newAverage, WeightDelta newState, long newSteps) {
        weights = restored(weights, newWeights);
        average = restored(average, newAverage);
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

    @Override
    public void close() {
        graph.close();
    }
}
