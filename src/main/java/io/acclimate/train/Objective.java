package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.acclimate.core.FloatTensor;
import io.acclimate.train.losses.Alignment;
import io.acclimate.train.losses.Losses;
import io.acclimate.train.operators.Call;
import io.acclimate.train.operators.Scalars;
import io.acclimate.train.operators.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The whole loss of one step and its gradient. Target and source rows go through the network in one pass, since batch statistics
 * are frozen and rows do not see each other.
 *
 * <p>L2-SP, {@code ‖θ − θ₀‖²} (Li, Grandvalet and Davoine, Explicit Inductive Bias for Transfer Learning, 2018, here for the new
 * head as well, whose start is its θ₀), is added in plain Java, gradient {@code 2ρ(θ − θ₀)}: θ₀ is always the source model, so a
 * restart from a later version pulls the same way.
 */
final class Objective {
    private final TrainableGraph graph;
    private final GraphPlan plan;
    private final LossTerms terms;
    private final String layer;
    private final RunningStatistics statistics;
    private final SortedMap<String, FloatTensor> sourceModel;
    private final Set<Integer> unknown;
    private final DomainClassifier domains;
    private double randomLabels;

    /**
     * @param layer the value whose features are aligned
     * @param sourceModel the source model's tensors of every name that differs from it or is in training
     * @param unknown the classes that nobody has trained in the source model
     * @param domains judges the features where the distance is that of DANN
     */
    Objective(
            TrainableGraph graph,
            GraphPlan plan,
            LossTerms terms,
            String layer,
            RunningStatistics statistics,
            SortedMap<String, FloatTensor> sourceModel,
            Set<Integer> unknown,
            DomainClassifier domains) {
        this.graph = graph;
        this.plan = plan;
        this.terms = terms;
        this.layer = layer;
        this.statistics = statistics;
        this.sourceModel = sourceModel;
        this.unknown = Set.copyOf(unknown);
        this.domains = domains;
    }

    /**
     * What a step has found out.
     *
     * @param gradients of the whole loss, zero for a weight it does not depend on
     * @param seen statistics of the target rows, by the tensor that follows them
     * @param domains gradients of the domain classifier's loss by its own weights; empty where it was not asked
     */
    record Result(
            StepReport report,
            SortedMap<String, float[]> gradients,
            SortedMap<String, FloatTensor> seen,
            SortedMap<String, float[]> domains) {}

    /**
     * The term of alignment.
     *
     * @param down what is gone down
     * @param more what the term has more than that has, as the domain classifier goes another way than the model
     */
    private record Aligned(double distance, NDArray down, double more, Map<String, NDArray> leaves) {}

    /** The chance with which the label of a target row was drawn at random. */
    void randomLabels(double share) {
        randomLabels = share;
    }

    /** {@code inputs} come from the target rows, then the source rows. */
    Result differentiate(
            FloatTensor inputs,
            LabelledBatch target,
            Optional<LabelledBatch> source,
            SortedMap<String, FloatTensor> weights) {
        TorchEngine.GRADIENTS.lock();
        try (NDManager step = graph.newStep();
                GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
            Optional<NDArray> known = source.filter(each -> terms.sourceLoss() == LossTerms.SourceLoss.ANSWERS)
                    .map(each -> sourceAnswers(step, inputs, target.size(), each));
            Optional<NDArray> held = terms.kappa() > 0 ? Optional.of(sourceModelOf(step, inputs)) : Optional.empty();
            Set<String> trained = new HashSet<>(weights.keySet());
            trained.removeAll(statistics.names());
            Map<String, NDArray> leaves = graph.leaves(step, weights, trained);
            Map<String, Value> values = graph.run(step, inputs, leaves, plan.logits());
            NDArray log = Losses.logProbabilities(TrainableGraph.rows(values, plan.logits()), plan.answers());
            NDArray expected = Losses.withRandomLabels(log, plan.answers(), randomLabels);
            NDArray targetLoss = Losses.crossEntropy(step, expected, plan.answers(), target.classes(), 0);
            NDArray total = targetLoss;
            double sourceLoss = Double.NaN;
            double align = Double.NaN;
            double distill = Double.NaN;
            double more = 0;
            Map<String, NDArray> judges = Map.of();
            if (source.isPresent()) {
                NDArray loss = sourceLoss(
                        step, known, TrainableGraph.rows(values, plan.logits()), log, target.size(), source.get());
                sourceLoss = number(loss);
                total = total.add(Scalars.times(loss, terms.lambda()));
            }
            if (terms.mu() > 0 && source.isPresent() && source.get().size() > 1 && target.size() > 1) {
                NDArray features = Alignment.pooled(TrainableGraph.dense(values, layer));
                Aligned aligned = aligned(step, features, target.size());
                align = aligned.distance();
                more = aligned.more();
                judges = aligned.leaves();
                total = total.add(aligned.down());
            }
            if (held.isPresent()) {
                NDArray divergence = Losses.divergence(
                        TrainableGraph.first(Losses.logProbabilities(held.get(), plan.answers()), target.size()),
                        TrainableGraph.first(log, target.size()));
                distill = number(divergence);
                total = total.add(Scalars.times(divergence, terms.kappa()));
            }
            collector.backward(total);
            leaves.keySet().retainAll(trained);
            SortedMap<String, float[]> gradients = gradients(leaves);
            double l2sp = terms.rho() > 0 ? pull(weights, gradients) : Double.NaN;
            double whole = number(total) + more + (terms.rho() > 0 ? terms.rho() * l2sp : 0);
            return new Result(
                    new StepReport(whole, number(targetLoss), sourceLoss, align, l2sp, distill, norm(gradients), false),
                    gradients,
                    statistics.of(values, target.size()),
                    gradients(judges));
        } finally {
            TorchEngine.GRADIENTS.unlock();
        }
    }

    /** @param targets how many rows of the features are target rows, which come first */
    private Aligned aligned(NDManager step, NDArray features, int targets) {
        if (terms.align() == LossTerms.Align.DANN) {
            DomainClassifier.Judgement judged = domains.judge(step, features, targets, terms.mu());
            double term = terms.mu() * domains.strength() * judged.distance();
            return new Aligned(judged.distance(), judged.loss(), term - number(judged.loss()), judged.leaves());
        }
        NDList parts = features.split(new long[] {targets}, 0);
        NDArray distance = terms.align() == LossTerms.Align.CORAL
                ? Alignment.coral(parts.get(1), parts.get(0))
                : Alignment.mmd(parts.get(1), parts.get(0));
        return new Aligned(number(distance), Scalars.times(distance, terms.mu()), 0, Map.of());
    }

    /**
     * @param known the source model's answers; empty where labels are taken
     * @param first of the rows that are source rows
     */
    private NDArray sourceLoss(
            NDManager step, Optional<NDArray> known, NDArray rows, NDArray log, int first, LabelledBatch source) {
        if (known.isEmpty()) {
            return Losses.crossEntropy(step, log, plan.answers(), source.classes(), first);
        }
        NDArray own = rows.split(new long[] {first}, 0).get(1);
        return Losses.answers(step, known.get(), own, plan.answers(), source.classes(), unknown);
    }

    /** @param first of the rows that are source rows */
    private NDArray sourceAnswers(NDManager step, FloatTensor inputs, int first, LabelledBatch source) {
        return source.answers()
                .map(answers -> step.create(answers.values(), Call.djl(answers.shape())))
                .orElseGet(() -> sourceModelOf(step, after(inputs, first, source.size())));
    }

    private static FloatTensor after(FloatTensor inputs, int first, int count) {
        int row = Math.toIntExact(inputs.shape().tail().elements());
        float[] values = Arrays.copyOfRange(inputs.values(), first * row, inputs.values().length);
        return FloatTensor.wrap(inputs.shape().tail().prepend(count), values);
    }

    private NDArray sourceModelOf(NDManager step, FloatTensor inputs) {
        return graph.asked(step, inputs, sourceModel, plan.logits());
    }

    /** The value of a scalar. {@code NDArray.getFloat} makes a copy of it in the engine first. */
    private static double number(NDArray scalar) {
        return scalar.toFloatArray()[0];
    }

    private static SortedMap<String, float[]> gradients(Map<String, NDArray> leaves) {
        SortedMap<String, float[]> gradients = new TreeMap<>();
        leaves.forEach((name, leaf) -> gradients.put(name, gradient(leaf)));
        return gradients;
    }

    private static float[] gradient(NDArray leaf) {
        NDArray gradient = leaf.getGradient();
        return gradient == null ? new float[Math.toIntExact(leaf.getShape().size())] : gradient.toFloatArray();
    }

    /** Adds the gradient of the L2-SP term and gives the term. */
    private double pull(SortedMap<String, FloatTensor> weights, SortedMap<String, float[]> gradients) {
        double squares = 0;
        for (Map.Entry<String, float[]> each : gradients.entrySet()) {
            FloatTensor now = weights.get(each.getKey());
            FloatTensor start = sourceModel.get(each.getKey());
            if (now == null || start == null) {
                continue;
            }
            float[] gradient = each.getValue();
            for (int i = 0; i < gradient.length; i++) {
                double moved = (double) now.values()[i] - start.values()[i];
                squares += moved * moved;
                gradient[i] += (float) (2 * terms.rho() * moved);
            }
        }
        return squares;
    }

    private static double norm(SortedMap<String, float[]> gradients) {
        double squares = 0;
        for (float[] gradient : gradients.values()) {
            for (float each : gradient) {
                squares += (double) each * each;
            }
        }
        return Math.sqrt(squares);
    }
}
