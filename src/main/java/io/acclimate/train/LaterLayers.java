package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Steps that leave the first layer with a weight matrix as it is and change the others. The first layer, with the weights that training gave it, runs
 * in ONNX Runtime, which takes a tenth of the time that the trainable graph takes for it and its gradient: on a small convolutional
 * network the first layer has the largest values and half the cost of a step. What learns the least from a step is what it saves.
 *
 * <p>The first layer is opened again when other steps have changed it since. For the thread of its trainer.
 */
final class LaterLayers implements AutoCloseable {
    private final ModelGraph model;
    private final GraphPlan plan;
    private final LossTerms terms;
    private final String layer;
    private final PrefixRuntime runtime;
    private final Function<TrainableGraph, Objective> objectives;
    /** The trainer's, whose whole steps are made at other times: a network's weights need not lie there twice. */
    private final StepMemory memory;

    private final SortedMap<String, FloatTensor> fixedDelta;
    private final Set<String> later;
    private final Set<String> first;
    private @Nullable Opened opened;

    /** @param weights of the first layer that {@code features} and {@code graph} have */
    private record Opened(
            Map<String, FloatTensor> weights,
            PrefixRuntime.Features features,
            TrainableGraph graph,
            Objective objective) {}

    private LaterLayers(
            ModelGraph model,
            GraphPlan plan,
            LossTerms terms,
            String layer,
            PrefixRuntime runtime,
            Function<TrainableGraph, Objective> objectives,
            StepMemory memory,
            SortedMap<String, FloatTensor> fixedDelta,
            Set<String> later,
            Set<String> first) {
        this.model = model;
        this.plan = plan;
        this.terms = terms;
        this.layer = layer;
        this.runtime = runtime;
        this.objectives = objectives;
        this.memory = memory;
        this.fixedDelta = fixedDelta;
        this.later = later;
        this.first = first;
    }

    /**
     * Divides what a trainer changes. Empty when nothing is saved by it: when one layer is trained alone, or when the first one cannot be cut off.
     *
     * @param objectives makes the loss over a graph
     * @param trained the names of all tensors that steps change
     * @param fixedDelta the tensors that an earlier version changed and that steps leave as they are
     */
    static Optional<LaterLayers> of(
            ModelGraph model,
            GraphPlan plan,
            LossTerms terms,
            String layer,
            PrefixRuntime runtime,
            Function<TrainableGraph, Objective> objectives,
            StepMemory memory,
            SortedMap<String, FloatTensor> fixedDelta,
            Set<String> trained) {
        Set<String> later = afterFirst(trained, plan, model);
        Set<String> first = new TreeSet<>(trained);
        first.removeAll(later);
        if (terms.kappa() > 0
                || later.isEmpty()
                || first.isEmpty()
                || model.prefix(later, needed(plan, terms, layer)).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new LaterLayers(model, plan, terms, layer, runtime, objectives, memory, fixedDelta, later, first));
    }

    /** The trained tensors that are not of the first trained layer, nor before it. */
    private static Set<String> afterFirst(Set<String> trained, GraphPlan plan, ModelGraph model) {
        Set<String> later = Set.of();
        int most = plan.leadingTo(plan.logits()).size();
        for (int count = 1; count <= most; count++) {
            Set<String> more = new TreeSet<>(TrainableSet.resolve("last:" + count, plan, model.weights()));
            more.retainAll(trained);
            if (more.equals(trained)) {
                break;
            }
            later = more;
        }
        return later;
    }

    private static Set<String> needed(GraphPlan plan, LossTerms terms, String layer) {
        return terms.mu() > 0 ? Set.of(plan.logits(), layer) : Set.of(plan.logits());
    }

    /** The source model cannot be asked for answers, since its first layer is another one by now. */
    boolean canStep(Optional<LabelledBatch> source) {
        return source.isEmpty()
                || terms.sourceLoss() == LossTerms.SourceLoss.LABELS
                || source.get().answers().isPresent();
    }

    /** The gradient of the weights after the first layer. */
    Objective.Result differentiate(
            LabelledBatch target,
            Optional<LabelledBatch> source,
            SortedMap<String, FloatTensor> weights,
            double randomLabels) {
        Opened now = open(weights);
        now.objective().randomLabels(randomLabels);
        SortedMap<String, FloatTensor> changing = new TreeMap<>(weights);
        changing.keySet().retainAll(later);
        return now.objective().differentiate(now.features().of(target.inputsWith(source)), target, source, changing);
    }

    private Opened open(SortedMap<String, FloatTensor> weights) {
        Opened known = opened;
        if (known != null && isSame(known.weights(), weights)) {
            return known;
        }
        close();
        Map<String, FloatTensor> kept = new HashMap<>();
        weights.forEach((name, tensor) -> {
            if (first.contains(name)) {
                kept.put(name, tensor);
            }
        });
        SortedMap<String, FloatTensor> changed = new TreeMap<>(fixedDelta);
        changed.putAll(kept);
        SortedMap<String, FloatTensor> frozen = new TreeMap<>(model.weights());
        frozen.putAll(changed);
        frozen.keySet().removeAll(later);
        var prefix = model.prefix(later, needed(plan, terms, layer), WeightDelta.of(changed))
                .orElseThrow();
        TrainableGraph graph = new TrainableGraph(model, plan, Optional.of(prefix.frontier()), frozen, memory);
        try {
            Opened made = new Opened(kept, runtime.open(prefix), graph, objectives.apply(graph));
            opened = made;
            return made;
        } catch (InvalidModelException e) {
            graph.close();
            throw new IllegalStateException(e.getMessage(), e);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    private boolean isSame(Map<String, FloatTensor> kept, Map<String, FloatTensor> weights) {
        return first.stream().allMatch(name -> Objects.equals(kept.get(name), weights.get(name)));
    }

    @Override
    public void close() {
        Opened old = opened;
        opened = null;
        if (old != null) {
            old.graph().close();
            old.features().close();
        }
    }
}
