package io.acclimate.train;

import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import io.acclimate.onnx.shape.StandardOperators;
import io.acclimate.train.losses.OutputSemantics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What training needs to know of a graph's structure: where the logits are, where the features are, which nodes lead there. */
final class GraphPlan {
    private final List<GraphNode> nodes;
    /** The names of weights, and the values that are weights moved. */
    private final Set<String> weights;

    private final String output;
    private final String logits;
    private final OutputSemantics answers;

    GraphPlan(ModelGraph graph) {
        this.nodes = graph.nodes();
        this.weights = new HashSet<>(graph.weights().keySet());
        nodes.stream().filter(this::moves).forEach(node -> weights.addAll(node.outputs()));
        this.output = graph.card().outputName();
        boolean gives = graph.card().outputKind() == ModelCard.OutputKind.PROBABILITIES;
        Optional<GraphNode> last = gives ? lastProbabilities() : Optional.empty();
        this.logits = last.map(node -> node.inputs().get(0)).orElse(output);
        this.answers = !gives
                ? OutputSemantics.ONE_CLASS
                : last.map(node ->
                                node.type().equals("Sigmoid") ? OutputSemantics.EACH_CLASS : OutputSemantics.ONE_CLASS)
                        .orElse(OutputSemantics.PROBABILITIES);
    }

    private Optional<GraphNode> lastProbabilities() {
        String wanted = output;
        for (int i = nodes.size() - 1; i >= 0; i--) {
            GraphNode node = nodes.get(i);
            if (node.outputs().contains(wanted)) {
                if (node.type().equals("Softmax") || node.type().equals("Sigmoid")) {
                    return Optional.of(node);
                }
                if (!node.domain().isEmpty() || !carries(node)) {
                    return Optional.empty();
                }
                wanted = node.inputs().get(0);
            }
        }
        return Optional.empty();
    }

    /** A quantisation rounds its values, which a loss must not be taken before. */
    private static boolean carries(GraphNode node) {
        return StandardOperators.facts(node.type()).is(Trait.CARRIES_VALUES)
                && !node.type().equals("QuantizeLinear")
                && !node.type().equals("DequantizeLinear");
    }

    /** The model's own output. */
    String output() {
        return output;
    }

    /** The value that the loss is taken of: the input of a recognised last Softmax or Sigmoid, otherwise the output. */
    String logits() {
        return logits;
    }

    /** What the values of {@link #logits()} mean. */
    OutputSemantics answers() {
        return answers;
    }

    /** The nodes that {@code value} depends on, in execution order. */
    List<GraphNode> leadingTo(String value) {
        return leadingTo(value, Optional.empty());
    }

    /** The nodes that {@code value} depends on and that come after {@code frontier}, whose value is given. */
    List<GraphNode> leadingTo(String value, Optional<String> frontier) {
        Set<String> wanted = new HashSet<>(Set.of(value));
        List<GraphNode> found = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (!Collections.disjoint(nodes.get(i).outputs(), wanted)) {
                found.add(nodes.get(i));
                wanted.addAll(nodes.get(i).inputs());
                frontier.ifPresent(wanted::remove);
            }
        }
        Collections.reverse(found);
        return found;
    }

    /**
     * The nodes of {@link #logits()} from the {@code count}th last layer with a weight matrix on, and those that move their weights,
     * which an exporter may have put anywhere before.
     */
    List<GraphNode> lastLayers(int count) {
        List<GraphNode> all = leadingTo(logits);
        int first = indexOfLast(count, all);
        Set<String> wanted = new HashSet<>();
        List<GraphNode> found = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            GraphNode node = all.get(i);
            if (i >= first || (moves(node) && !Collections.disjoint(node.outputs(), wanted))) {
                found.add(node);
                wanted.addAll(node.inputs());
            }
        }
        Collections.reverse(found);
        return found;
    }

    private int indexOfLast(int count, List<GraphNode> all) {
        int missing = count;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (isLinear(all.get(i)) && --missing == 0) {
                return i;
            }
        }
        return 0;
    }

    private boolean moves(GraphNode node) {
        return StandardOperators.facts(node.type()).is(Trait.MOVES)
                && node.inputs().stream().limit(1).anyMatch(weights::contains);
    }

    /** The value that the last layer with a weight matrix reads. */
    String features() {
        List<GraphNode> all = leadingTo(logits);
        GraphNode last = all.get(indexOfLast(1, all));
        return last.inputs().stream()
                .filter(input -> !weights.contains(input))
                .findFirst()
                .orElse(logits);
    }

    /** The value that {@code name} is or that the node of that name gives; {@link #features()} for an empty name. Empty when there is none. */
    Optional<String> layer(String name) {
        if (name.isEmpty()) {
            return Optional.of(features());
        }
        for (GraphNode node : leadingTo(logits)) {
            if (node.outputs().contains(name)) {
                return Optional.of(name);
            }
            if (node.name().equals(name)) {
                return Optional.of(node.outputs().get(0));
            }
        }
        return Optional.empty();
    }

    private boolean isLinear(GraphNode node) {
        return StandardOperators.facts(node.type()).is(Trait.LINEAR)
                && node.inputs().stream().limit(2).anyMatch(weights::contains);
    }
}
