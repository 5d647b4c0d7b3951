package io.acclimate.train;

import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.operators.OperatorTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What can still be trained of a model with an operator that cannot: the layers after it. */
final class TrainableSuffix {
    private static final int MOST_LAYERS = 64;

    private TrainableSuffix() {}

    /** Words for the end of a refusal. */
    static String after(GraphNode bad, ModelGraph model, GraphPlan plan, String layer) {
        int layers = 0;
        while (layers < MOST_LAYERS && isFree(bad, model, plan, layer, layers + 1)) {
            layers++;
        }
        return switch (layers) {
            case 0 -> "; no layer comes after it, so no part of this model can be trained" + otherFile(bad);
            case 1 -> "; train only what comes after it: trainable 'head'";
            default -> "; train only what comes after it: trainable 'last:" + layers + "' or 'head'";
        };
    }

    private static String otherFile(GraphNode bad) {
        return bad.type().contains("Quantize") || bad.type().startsWith("QLinear")
                ? "; adapt the float32 network that it was quantised from"
                : "";
    }

    private static boolean isFree(GraphNode bad, ModelGraph model, GraphPlan plan, String layer, int layers) {
        Set<String> changing = TrainableSet.resolve("last:" + layers, plan, model.weights());
        Optional<String> frontier = changing.isEmpty()
                ? Optional.empty()
                : model.prefix(new TreeSet<>(changing), Set.of(plan.logits(), layer))
                        .map(each -> each.frontier());
        return frontier.isPresent()
                && plan.leadingTo(plan.output(), frontier).stream()
                        .noneMatch(node -> node.name().equals(bad.name()) || !OperatorTable.knows(node));
    }

    /** The first operator without a trainable form. */
    static Optional<GraphNode> unknown(List<GraphNode> nodes) {
        return nodes.stream().filter(node -> !OperatorTable.knows(node)).findFirst();
    }
}
