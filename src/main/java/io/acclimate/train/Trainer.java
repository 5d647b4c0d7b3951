package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
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
 * One model in training. Loss: {@code L_target + λ · L_source + μ · CORAL}; both batches go through the network in one pass,
 * since batch statistics are frozen and rows do not see each other. For one thread at a time.
 */
public final class Trainer implements AutoCloseable {
    private static final int PROBE_ROWS = 4;
    private static final double PARITY = 1e-4;

    private final ModelGraph model;
    private final GraphPlan plan;
    private final TrainSettings settings;
    private final Optimizer optimizer;
    private final TrainableGraph graph;
    private final Set<String> trainable;
    private final SortedMap<String, FloatTensor> fixedDelta;
    private SortedMap<String, FloatTensor> weights = new TreeMap<>();
    private SortedMap<String, FloatTensor> average = new TreeMap<>();
    private SortedMap<String, FloatTensor> state = new TreeMap<>();
    private double rate;
    private long steps;

    private Trainer(ModelGraph model, WeightDelta start, TrainSettings settings) {
        this.model = model;
        this.settings = settings;
        this.plan = new GraphPlan(model);
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
    }

    /** Opens the model with {@code start} laid over its base weights, and walks its graph once on a probe batch. */
    public static Trainer open(ModelGraph model, WeightDelta start, TrainSettings settings)
            throws UntrainableModelException {
        Trainer trainer = new Trainer(model, start, settings);
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
        SortedMap<String, float[]> gradients = new TreeMap<>();
        StepReport report = differentiate(target, source, gradients);
        double scale = report.gradientNorm() > settings.clip() ? settings.clip() / (report.gradientNorm() + 1e-6) : 1;
        if (!Double.isFinite(report.total())
                || !Double.isFinite(report.gradientNorm())
                || !advance(gradients, (float) scale)) {
            return new StepReport(
                    report.total(), report.target(), report.source(), report.align(), report.gradientNorm(), true);
        }
        return report;
    }

    private StepReport differentiate(
            LabelledBatch target, Optional<LabelledBatch> source, SortedMap<String, float[]> gradients) {
        TorchEngine.GRADIENTS.lock();
        try (NDManager step = graph.newStep();
                GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
            Map<String, NDArray> leaves = leaves(step, true);
            FloatTensor inputs =
                    source.map(more -> joined(target.inputs(), more.inputs())).orElse(target.inputs());
            Map<String, Value> values = graph.run(step, inputs, leaves, plan.logits());
            NDArray log = Losses.logProbabilities(TrainableGraph.rows(values, plan.logits()), plan.probabilities());
            NDArray targetLoss = Losses.crossEntropy(step, log, target.classes(), 0);
            NDArray total = targetLoss;
            double sourceLoss = Double.NaN;
            double align = Double.NaN;
            if (source.isPresent()) {
                NDArray loss = Losses.crossEntropy(step, log, source.get().classes(), target.size());
                sourceLoss = loss.getFloat();
                total = total.add(loss.mul((float) settings.sourceWeight()));
            }
            if (settings.alignWeight() > 0 && source.isPresent() && source.get().size() > 1 && target.size() > 1) {
                NDList parts = TrainableGraph.rows(values, plan.features()).split(new long[] {target.size()}, 0);
                NDArray distance = Losses.coral(parts.get(1), parts.get(0));
                align = distance.getFloat();
                total = total.add(distance.mul((float) settings.alignWeight()));
            }
            collector.backward(total);
            double squares = 0;
            for (Map.Entry<String, NDArray> leaf : leaves.entrySet()) {
                float[] gradient = gradient(leaf.getValue());
                for (float each : gradient) {
                    squares += (double) each * each;
                }
                gradients.put(leaf.getKey(), gradient);
            }
            return new StepReport(
                    total.getFloat(), targetLoss.getFloat(), sourceLoss, align, Math.sqrt(squares), false);
        } finally {
            TorchEngine.GRADIENTS.unlock();
        }
    }

    /** Zero for a leaf that the loss does not depend on. */
    private static float[] gradient(NDArray leaf) {
        NDArray gradient = leaf.getGradient();
        return gradient == null ? new float[Math.toIntExact(leaf.getShape().size())] : gradient.toFloatArray();
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

    private Map<String, NDArray> leaves(NDManager step, boolean differentiable) {
        Map<String, NDArray> leaves = new TreeMap<>();
        weights.forEach((name, tensor) -> {
            NDArray leaf = step.create(tensor.values(), Call.djl(tensor.shape()));
            leaf.setRequiresGradient(differentiable);
            leaves.put(name, leaf);
        });
        return leaves;
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
            NDArray rows = TrainableGraph.rows(graph.run(step, batch, leaves(step, false), wanted), wanted);
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
