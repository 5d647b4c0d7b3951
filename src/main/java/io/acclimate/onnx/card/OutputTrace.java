package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks back from an output over operators that keep its values (Cast, Reshape, Squeeze, quantisation and others) to the operator
 * that makes them, and says whether that operator gives probabilities. For one graph; immutable.
 */
public final class OutputTrace {
    /** Operators of {@code ai.onnx.ml} that classify. They give scores as they are when {@code post_transform} is NONE. */
    private static final Set<String> LINEAR_OR_KERNEL = Set.of("LinearClassifier", "SVMClassifier");

    /** Where operators that compute with bytes, of ONNX and of ONNX Runtime, have the step of what they give; the zero point is next. */
    private static final Map<String, Integer> STEPS = Map.ofEntries(
            Map.entry("QLinearMatMul", 6),
            Map.entry("QLinearConv", 6),
            Map.entry("QGemm", 7),
            Map.entry("QLinearAdd", 6),
            Map.entry("QLinearMul", 6),
            Map.entry("QLinearSoftmax", 3),
            Map.entry("QLinearSigmoid", 3),
            Map.entry("QLinearLeakyRelu", 3),
            Map.entry("QLinearAveragePool", 3),
            Map.entry("QLinearGlobalAveragePool", 3),
            Map.entry("QLinearReduceMean", 3),
            Map.entry("QLinearConcat", 0));

    private final Map<String, NodeProto> producers = new HashMap<>();

    public OutputTrace(GraphProto graph) {
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(name -> producers.put(name, node)));
    }

    /** The node that gives {@code value}; empty for an input or an initializer. */
    public Optional<NodeProto> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The operator that makes the values of {@code output}, behind all that only carry them. */
    public Optional<NodeProto> maker(String output) {
        Optional<NodeProto> node = producer(output);
        for (int steps = producers.size();
                steps > 0 && node.filter(OutputTrace::carries).isPresent();
                steps--) {
            node = producer(node.orElseThrow().getInput(0));
        }
        return node;
    }

    /** Whether the values of {@code output} are rounded to a quantised type on the way from their maker. */
    public boolean isQuantised(String output) {
        return quantisation(output).isPresent();
    }

    /**
     * What one step of a quantised output stands for: the inputs of a DequantizeLinear behind its values, which are the step and, unless
     * it is 0, the zero point. A QuantizeLinear has them between the maker of {@code output} and the output, or the maker itself, if it
     * is an operator that computes with bytes.
     */
    public Optional<List<String>> quantisation(String output) {
        Optional<NodeProto> node = producer(output);
        for (int steps = producers.size();
                steps > 0 && node.filter(OutputTrace::carries).isPresent();
                steps--) {
            if (node.orElseThrow().getOpType().equals("QuantizeLinear")) {
                return node.map(each -> each.getInputList().subList(1, Math.min(3, each.getInputCount())));
            }
            node = producer(node.orElseThrow().getInput(0));
        }
        return node.flatMap(OutputTrace::ofBytes);
    }

    private static Optional<List<String>> ofBytes(NodeProto node) {
        Integer at = STEPS.get(node.getOpType());
        return at == null || node.getInputCount() <= at + 1 || node.getInput(at).isEmpty()
                ? Optional.empty()
                : Optional.of(
                        node.getInput(at + 1).isEmpty()
                                ? List.of(node.getInput(at))
                                : List.of(node.getInput(at), node.getInput(at + 1)));
    }

    /** Whether the operator that makes {@code output} gives probabilities. */
    public boolean isProbabilities(String output) {
        return maker(output).filter(this::givesProbabilities).isPresent();
    }

    private boolean givesProbabilities(NodeProto node) {
        if (isMachineLearning(node)) {
            Attributes attributes = new Attributes(node.getAttributeList());
            // With Platt's coefficients a vector machine gives probabilities before any transform.
            return !LINEAR_OR_KERNEL.contains(node.getOpType())
                    || !attributes.text("post_transform", "NONE").equals("NONE")
                    || attributes.reals("prob_a").length > 0;
        }
        return switch (node.getOpType()) {
            case "Softmax", "Sigmoid", "HardSigmoid", "QLinearSoftmax", "QLinearSigmoid" -> true;
            // A softmax that the exporter wrote out.
            case "Div" -> {
                Optional<NodeProto> sum = producer(node.getInput(1));
                yield producer(node.getInput(0))
                                .filter(e -> e.getOpType().equals("Exp"))
                                .isPresent()
                        && sum.filter(s -> s.getOpType().equals("ReduceSum")
                                        && s.getInput(0).equals(node.getInput(0)))
                                .isPresent();
            }
            // A probability and what it leaves for the other class, in either order.
            case "Concat" ->
                node.getInputCount() == 2
                        && (isComplement(node.getInput(0), node.getInput(1))
                                || isComplement(node.getInput(1), node.getInput(0)));
            default -> false;
        };
    }

    private boolean isComplement(String rest, String probability) {
        return producer(rest)
                        .filter(sub ->
                                sub.getOpType().equals("Sub") && sub.getInput(1).equals(probability))
                        .isPresent()
                && isProbabilities(probability);
    }

    static boolean isMachineLearning(NodeProto node) {
        return node.getDomain().equals("ai.onnx.ml");
    }

    private static boolean carries(NodeProto node) {
        boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
        boolean map = isMachineLearning(node) && node.getOpType().equals("ZipMap");
        return node.getInputCount() > 0
                && (map
                        || (standard
                                && StandardOperators.facts(node.getOpType()).is(Trait.CARRIES_VALUES)));
    }
}
