package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which weights a specification names: the operands of layers, also behind operators that only move values, as the transposed
 * weight of a product or the class token of a transformer. Batch statistics are no parameters, and neither are the constants of
 * arithmetic: of the operands of {@code Add} and {@code Mul} only those with more than one element count, and no masks.
 */
final class TrainableSet {
    private static final Pattern LAST = Pattern.compile("last:([1-9][0-9]{0,3})");

    private TrainableSet() {}

    static void check(String spec) {
        boolean known = spec.equals("all")
                || spec.equals("head")
                || spec.equals("norm")
                || LAST.matcher(spec).matches();
        if (spec.startsWith("name:")) {
            try {
                Pattern.compile(spec.substring(5));
                known = true;
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "trainable '" + spec + "' is no valid pattern: " + e.getDescription(), e);
            }
        }
        if (!known) {
            throw new IllegalArgumentException(
                    "trainable must be all, head, last:N, norm or name:REGEX, got '" + spec + "'");
        }
    }

    static SortedSet<String> resolve(String spec, GraphPlan plan, Map<String, FloatTensor> weights) {
        SortedSet<String> all = parameters(plan.leadingTo(plan.logits()), weights);
        if (spec.equals("all")) {
            return all;
        }
        if (spec.startsWith("name:")) {
            Pattern pattern = Pattern.compile(spec.substring(5));
            all.removeIf(name -> !pattern.matcher(name).find());
            return all;
        }
        List<GraphNode> nodes = plan.leadingTo(plan.logits());
        if (spec.equals("norm")) {
            nodes = nodes.stream()
                    .filter(node -> StandardOperators.facts(node.type()).is(Trait.NORMALIZES))
                    .toList();
        } else {
            nodes = plan.lastLayers(spec.equals("head") ? 1 : Integer.parseInt(spec.substring(5)));
        }
        all.retainAll(parameters(nodes, weights));
        return all;
    }

    /** The batch normalisations whose statistics follow the data: those of {@code norm}, none else. */
    static List<GraphNode> following(String spec, GraphPlan plan, Map<String, FloatTensor> weights) {
        return plan.leadingTo(plan.logits()).stream()
                .filter(node -> spec.equals("norm") && node.type().equals("BatchNormalization"))
                .filter(node -> weights.keySet().containsAll(node.inputs().subList(3, 5)))
                .toList();
    }

    private static SortedSet<String> parameters(List<GraphNode> nodes, Map<String, FloatTensor> weights) {
        SortedSet<String> names = new TreeSet<>();
        for (GraphNode node : nodes) {
            for (int i = 0; i < node.inputs().size(); i++) {
                FloatTensor weight = weights.get(node.inputs().get(i));
                if (weight != null && StandardOperators.facts(node.type()).isParameter(i, weight)) {
                    names.add(node.inputs().get(i));
                }
            }
        }
        return names;
    }
}
