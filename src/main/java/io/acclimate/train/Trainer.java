package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.operators.UnsupportedNodeException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One model in training: its graph, the {@link TrainedWeights} in it, and the steps that change them. For one thread at a time.
 */
public final class Trainer implements AutoCloseable {
    private final ModelGraph model;
    private final GraphPlan plan;
    private final TrainSettings settings;
    private final LossTerms terms;
    private final Optional<PrefixRuntime.Features> prefix;
    private final TrainableGraph graph;
    private final Objective objective;
    private final SortedMap<String, FloatTensor> fixedDelta;
    private final TrainedWeights trained;
    private final DomainClassifier domains;
    private final Optional<LaterLayers> later;
    private double randomLabels;

    private Trainer(
            ModelGraph model,
            GraphPlan plan,
            String layer,
            WeightDelta start,
            TrainSettings settings,
            Optional<PrefixRuntime> runtime)
            throws InvalidModelException, UntrainableModelException {
        this.model = model;
        this.plan = plan;
        this.settings = settings;
        SortedMap<String, FloatTensor> all = new TreeMap<>(model.weights());
        all.putAll(start.tensors());
        RunningStatistics statistics = new RunningStatistics(TrainableSet.following(settings.trainable(), plan, all));
        Set<String> changing = TrainableSet.resolve(settings.trainable(), plan, all);
        if (changing.isEmpty()) {
            String name = model.card().name();
            if (model.weights().isEmpty()) {
                throw new UntrainableModelException(
                        name, "it has no float32 weights; adapt the float32 network that it was made from");
            }
            throw UntrainableModelException.bySettings(
                    name,
                    "trainable '" + settings.trainable() + "' names none of its weights "
                            + model.weights().keySet());
        }
        changing.addAll(statistics.names());
        this.fixedDelta = new TreeMap<>(start.tensors());
        fixedDelta.keySet().removeAll(changing);
        SortedMap<String, FloatTensor> weights = new TreeMap<>();
        for (String name : changing) {
            FloatTensor tensor = all.remove(name);
            if (tensor != null) {
                weights.put(name, tensor);
            }
        }
        this.trained = new TrainedWeights(
                weights, settings, statistics, FreshRowLimit.of(model.untrainedRows(), model.weights()));
        Optional<PrefixGraph> frozen = runtime.isEmpty() ? Optional.empty() : frozen(changing, layer);
        Optional<String> frontier = frozen.map(PrefixGraph::frontier);
        StepMemory memory = runtime.map(PrefixRuntime::memory).orElseGet(StepMemory::new);
        this.graph = new TrainableGraph(model, plan, frontier, all, memory);
        SortedMap<String, FloatTensor> sourceModel = new TreeMap<>(model.weights());
        sourceModel.keySet().removeIf(name -> !changing.contains(name) && !fixedDelta.containsKey(name));
        this.domains = new DomainClassifier(settings.seed());
        this.terms = terms();
        Function<TrainableGraph, Objective> objectives = part -> new Objective(
                part,
                plan,
                terms,
                layer,
                statistics,
                sourceModel,
                model.untrainedRows().classes(),
                domains);
        this.objective = objectives.apply(graph);
        this.later = runtime.isEmpty() || !statistics.names().isEmpty()
                ? Optional.empty()
                : LaterLayers.of(model, plan, terms, layer, runtime.get(), objectives, memory, fixedDelta, changing);
        try {
            this.prefix = frozen.isEmpty()
                    ? Optional.empty()
                    : Optional.of(runtime.orElseThrow().open(frozen.get()));
        } catch (InvalidModelException | RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /**
     * The terms of the loss. Source rows go by their labels where the source model has no answers to give: when nobody has trained its last
     * layer, and when the frozen part, from which they would come, has weights that an earlier version changed.
     */
    private LossTerms terms() {
        LossTerms asked = settings.terms();
        boolean untrained =
                model.untrainedRows().classes().size() == model.card().classes().count();
        boolean reachable = fixedDelta.isEmpty() || asked.kappa() > 0;
        return reachable && !untrained ? asked : asked.withSourceLoss(LossTerms.SourceLoss.LABELS);
    }

    /**
     * The model up to where a changing weight, or the features of alignment, come in. Distillation asks the source model too: then
     * whatever an earlier version changed comes after it as well.
     */
    private Optional<PrefixGraph> frozen(Set<String> changing, String layer) {
        Set<String> later = new HashSet<>(changing);
        if (settings.terms().kappa() > 0) {
            later.addAll(fixedDelta.keySet());
        }
        Set<String> needed = settings.terms().mu() > 0 ? Set.of(plan.logits(), layer) : Set.of(plan.logits());
        return model.prefix(later, needed, WeightDelta.of(fixedDelta));
    }

    /** Opens a trainer as {@link #open(ModelGraph, WeightDelta, TrainSettings, Optional)} does, with the whole model in the trainable graph. */
    public static Trainer open(ModelGraph model, WeightDelta start, TrainSettings settings)
            throws UntrainableModelException {
        return open(model, start, settings, Optional.empty());
    }

    /**
     * Opens the model with {@code start} laid over its base weights, and walks its graph once on a probe batch.
     *
     * @param runtime runs what comes before the first weight in training; only the rest must be trainable then
     */
    public static Trainer open(
            ModelGraph model, WeightDelta start, TrainSettings settings, Optional<PrefixRuntime> runtime)
            throws UntrainableModelException {
        return open(model, start, settings, runtime, Trainer::walked);
    }

    /**
     * As {@link #open(ModelGraph, WeightDelta, TrainSettings, Optional)}, for a model whose graph such a trainer has walked before: it does not walk
     * it again, which costs more than all else of opening one. Weights of a wrong shape show only in the first step then.
     */
    public static Trainer openKnown(
            ModelGraph model, WeightDelta start, TrainSettings settings, Optional<PrefixRuntime> runtime)
            throws UntrainableModelException {
        return open(model, start, settings, runtime, trainer -> trainer);
    }

    private interface Check {
        Trainer of(Trainer opened) throws UntrainableModelException;
    }

    private static Trainer open(
            ModelGraph model, WeightDelta start, TrainSettings settings, Optional<PrefixRuntime> runtime, Check check)
            throws UntrainableModelException {
        String name = model.card().name();
        GraphPlan plan = new GraphPlan(model);
        String asked = settings.terms().layer();
        String layer = plan.layer(asked)
                .orElseThrow(() -> UntrainableModelException.bySettings(
                        name, "no layer or value '" + asked + "' leads to its logits"));
        try {
            Trainer trainer = new Trainer(model, plan, layer, start, settings, runtime);
            try {
                return check.of(trainer);
            } catch (UntrainableModelException | RuntimeException e) {
                trainer.close();
                throw e;
            }
        } catch (UnsupportedNodeException e) {
            throw new UntrainableModelException(
                    name, e.getMessage() + TrainableSuffix.after(e.node(), model, plan, layer), e);
        } catch (InvalidModelException | RuntimeException e) {
            throw new UntrainableModelException(name, String.valueOf(e.getMessage()), e);
        }
    }

    private Trainer walked() throws UntrainableModelException {
        int classes = outputs(probe()).shape().extent(1);
        if (classes != model.card().classes().count()) {
            throw new UntrainableModelException(
                    model.card().name(),
                    "it gives " + classes + " values per row, its card names "
                            + model.card().classes().count() + " classes");
        }
        return this;
    }

    /** {@code [4, row…]} standard normal values, the same ones each time. */
    public FloatTensor probe() {
        return ParityProof.probe(model.card().input(), settings.seed());
    }

    /**
     * Proves that this graph is the model: its output equals that of {@code reference}, the model in another runtime, on the
     * probe batch, within 1e-4 of the output's scale. Before that, it proves that the engine's convolutions are right on this machine.
     *
     * @return the largest absolute difference relative to scale
     */
    public double prove(UnaryOperator<FloatTensor> reference) throws UntrainableModelException {
        Optional<String> fault = TorchEngine.fault();
        if (fault.isPresent()) {
            throw new UntrainableModelException(model.card().name(), fault.get());
        }
        return ParityProof.prove(model.card().name(), outputs(probe()), reference.apply(probe()));
    }

    /** One adaptation step. A loss, gradient or weight that is not finite changes nothing and is reported as skipped. */
    public StepReport step(LabelledBatch target, Optional<LabelledBatch> source) {
        FloatTensor inputs = target.inputsWith(source);
        return changed(objective.differentiate(entered(inputs), target, source, trained.weights()));
    }

    private StepReport changed(Objective.Result result) {
        if (!trained.advance(result)) {
            return result.report().asSkipped();
        }
        domains.learn(result.domains());
        return result.report();
    }

    /**
     * A step that leaves the first layer as it is, for about half the cost on a small convolutional network. It is a whole step where nothing
     * would be saved, and where the loss needs answers of the source model that {@code source} does not have.
     */
    public StepReport laterStep(LabelledBatch target, Optional<LabelledBatch> source) {
        if (later.isEmpty() || !later.get().canStep(source)) {
            return step(target, source);
        }
        return changed(later.get().differentiate(target, source, trained.weights(), randomLabels));
    }

    /** Whether source rows go by what the source model answers to them, and not by their labels. */
    public boolean asksSourceModel() {
        return terms.sourceLoss() == LossTerms.SourceLoss.ANSWERS;
    }

    /** Whether {@link #laterStep} leaves the first layer as it is only if the source rows come with the source model's answers. */
    public boolean needsAnswers() {
        return later.isPresent() && asksSourceModel();
    }

    /** In later steps, the label of a target row counts as drawn at random from all classes with this chance; 0 until it is set. */
    public void randomLabels(double share) {
        randomLabels = share;
        objective.randomLabels(share);
    }

    /** The model's own output {@code [rows, classes]} under the current weights. */
    public FloatTensor outputs(FloatTensor batch) {
        return forward(batch, plan.output());
    }

    /** What the loss is taken of, {@code [rows, classes]}: the output before a recognised Softmax or Sigmoid. */
    public FloatTensor logits(FloatTensor batch) {
        return forward(batch, plan.logits());
    }

    /** What the trainable graph begins with: the frozen prefix's features of the rows, or the rows. */
    private FloatTensor entered(FloatTensor batch) {
        return prefix.map(features -> features.of(batch)).orElse(batch);
    }

    private FloatTensor forward(FloatTensor batch, String wanted) {
        try (NDManager step = graph.newStep()) {
            Map<String, NDArray> leaves = graph.leaves(step, trained.weights(), Set.of());
            NDArray rows = TrainableGraph.rows(graph.run(step, entered(batch), leaves, wanted), wanted);
            long[] extents = rows.getShape().getShape();
            return FloatTensor.wrap(Shape.of((int) extents[0], (int) extents[1]), rows.toFloatArray());
        }
    }

    public TrainSettings settings() {
        return settings;
    }

    /** The names of the tensors that steps change. */
    public Set<String> trainable() {
        return Collections.unmodifiableSet(trained.weights().keySet());
    }

    /** Sets the learning rate, for schedules. {@link #open} takes it from the settings. */
    public void learningRate(double value) {
        trained.learningRate(value);
    }

    /** Makes every later step this many times as large as the settings say; 1 until it is set. */
    public void stepScale(double value) {
        trained.stepScale(value);
    }

    /** Everything that differs from the base graph: the trained tensors and those the trainer was opened with. */
    public WeightDelta weights() {
        return delta(trained.weights());
    }

    /** The exponential average of the weights over the steps. */
    public WeightDelta average() {
        return delta(trained.average());
    }

    private WeightDelta delta(Map<String, FloatTensor> changed) {
        Map<String, FloatTensor> all = new TreeMap<>(fixedDelta);
        all.putAll(changed);
        return WeightDelta.of(all);
    }

    /** The state of the optimiser and, with DANN, of the domain classifier: all that later steps need besides weights and average. */
    public WeightDelta optimizerState() {
        SortedMap<String, FloatTensor> state = new TreeMap<>(trained.state());
        state.putAll(domains.state());
        return WeightDelta.of(state);
    }

    public long steps() {
        return trained.steps();
    }

    /** Takes up where another trainer of the same model and settings stopped; the next step gives the same bits as there. */
    public void restore(WeightDelta newWeights, WeightDelta newAverage, WeightDelta newState, long newSteps) {
        Map<String, FloatTensor> optimizer = new TreeMap<>(newState.tensors());
        optimizer.keySet().removeIf(DomainClassifier::isOwn);
        trained.restore(newWeights, newAverage, WeightDelta.of(optimizer), newSteps);
        domains.restore(newState.tensors());
    }

    @Override
    public void close() {
        graph.close();
        later.ifPresent(LaterLayers::close);
        prefix.ifPresent(PrefixRuntime.Features::close);
    }

    /**
     * Which part of a model would be trained, as far as its graph tells before anything is opened.
     *
     * @param weights the tensors that steps would change
     * @param afterFrozen whether a frozen part comes before it, which runs without keeping the values between its layers
     * @param supported whether all operators of the part that is not frozen have a trainable form
     */
    public record Part(SortedSet<String> weights, boolean afterFrozen, boolean supported) {
        public Part {
            weights = Collections.unmodifiableSortedSet(new TreeSet<>(weights));
        }

        /** Finds the part that a {@link Trainer} of the base model with these settings would train. */
        public static Part of(ModelGraph model, TrainSettings settings) {
            GraphPlan plan = new GraphPlan(model);
            SortedSet<String> changing = TrainableSet.resolve(settings.trainable(), plan, model.weights());
            changing.addAll(
                    new RunningStatistics(TrainableSet.following(settings.trainable(), plan, model.weights())).names());
            Set<String> needed = new HashSet<>(Set.of(plan.logits()));
            if (settings.terms().mu() > 0) {
                plan.layer(settings.terms().layer()).ifPresent(needed::add);
            }
            Optional<String> frontier = changing.isEmpty()
                    ? Optional.empty()
                    : model.prefix(changing, needed).map(PrefixGraph::frontier);
            boolean supported = TrainableSuffix.unknown(plan.leadingTo(plan.output(), frontier))
                    .isEmpty();
            return new Part(changing, frontier.isPresent(), supported);
        }

        /** Whether nothing in the graph keeps it from being trained; opening it may still find a reason. */
        public boolean isTrainable() {
            return supported && !weights.isEmpty();
        }
    }
}
