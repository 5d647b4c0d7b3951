package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a graph can be cut in two: at the last float value through which every path from the input to the output runs, and which
 * no changing weight reaches. Such a value dominates the output, so the nodes before it in execution order that see the input are
 * its ancestors and those after it its descendants: one pass that keeps the set of values still to be read finds every one, as the
 * places where that set holds a single value. A cut through several values at once (in the middle of a residual block) would be
 * a little later and is not worth its second tensor.
 */
public final class PrefixCut {
    private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();

    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<Set<String>> reads = new ArrayList<>();
    private final Set<String> seeingInput = new HashSet<>();
    private final Set<String> floats = new HashSet<>();
    private final Map<String, Integer> lastReads = new HashMap<>();
    private final String input;

    public PrefixCut(GraphProto graph, String input, String output, Set<String> needed) {
        this.input = input;
        seeingInput.add(input);
        floats.add(input);
        graph.getInitializerList().stream().filter(Tensors::isFloat).forEach(each -> floats.add(each.getName()));
        for (NodeProto node : leadingTo(graph, Set.of(output))) {
            Set<String> read = reads(node);
            if (read.stream().anyMatch(seeingInput::contains)) {
                seeingInput.addAll(node.getOutputList());
                read.forEach(each -> lastReads.put(each, nodes.size()));
                nodes.add(node);
                reads.add(read);
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (isFloat(node, i)) {
                    floats.add(node.getOutput(i));
                }
            }
        }
        lastReads.put(output, Integer.MAX_VALUE);
        needed.forEach(each -> lastReads.put(each, Integer.MAX_VALUE));
    }

    /** The last value to cut at; empty when a changing weight comes before the first such value. */
    public Optional<String> last(GraphProto graph, Set<String> changing) {
        Set<String> reached = new HashSet<>(changing);
        for (NodeProto node : graph.getNodeList()) {
            if (reads(node).stream().anyMatch(reached::contains)) {
                reached.addAll(node.getOutputList());
            }
        }
        Optional<String> cut = Optional.empty();
        // Several nodes may read the input itself, as those do that split a text's row into its columns.
        Set<String> open = new HashSet<>(Set.of(input));
        for (int i = 0; i < nodes.size(); i++) {
            if (reads.get(i).stream().anyMatch(reached::contains)) {
                return cut;
            }
            int at = i;
            open.addAll(nodes.get(i).getOutputList());
            open.removeIf(value -> lastReads.getOrDefault(value, -1) <= at);
            if (open.size() == 1 && floats.containsAll(open)) {
                cut = Optional.of(open.iterator().next());
            }
        }
        return Optional.empty();
    }

    /** Whether an output is float32. Float16 and quantised stretches are no place to cut. */
    private boolean isFloat(NodeProto node, int output) {
        return StandardOperators.facts(node.getOpType())
                .givesFloat(
                        new Attributes(node.getAttributeList()),
                        input -> input < node.getInputCount() && floats.contains(node.getInput(input)) ? FLOAT : 0,
                        output);
    }

    /** The values that a node reads, including those that its inner graphs capture. */
    private static Set<String> reads(NodeProto node) {
        Set<String> reads = new HashSet<>();
        GraphDraft.collectUses(node, reads);
        return reads;
    }

    /** The nodes that the values depend on, in execution order. */
    public static List<NodeProto> leadingTo(GraphProto graph, Set<String> values) {
        Set<String> wanted = new HashSet<>(values);
        List<NodeProto> found = new ArrayList<>();
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(wanted::contains)) {
                found.add(node);
                wanted.addAll(reads(node));
            }
        }
        Collections.reverse(found);
        return found;
    }
}
