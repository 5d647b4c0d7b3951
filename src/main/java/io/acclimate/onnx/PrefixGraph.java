package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.rewrite.GraphDraft;
import io.acclimate.onnx.rewrite.PrefixCut;
import io.acclimate.onnx.rewrite.Skeleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The frozen part of a model, from its input {@code [batch, row…]} to one value, the frontier, from which all the rest of the
 * model follows. Its weights are the model's own, shared and not copied.
 */
public final class PrefixGraph {
    private final String model;
    private final String input;
    private final Shape row;
    private final String frontier;
    private final ModelProto proto;
    private final SortedMap<String, FloatTensor> weights;

    private PrefixGraph(ModelCard card, String frontier, ModelProto proto, SortedMap<String, FloatTensor> weights) {
        this.model = card.name();
        this.input = card.inputName();
        this.row = card.input().row();
        this.frontier = frontier;
        this.proto = proto;
        this.weights = weights;
    }

    static PrefixGraph upTo(
            String frontier, ModelProto model, ModelCard card, SortedMap<String, FloatTensor> allWeights) {
        GraphProto graph = model.getGraph();
        List<NodeProto> nodes = PrefixCut.leadingTo(graph, Set.of(frontier));
        Set<String> used = new HashSet<>();
        nodes.forEach(node -> GraphDraft.collectUses(node, used));
        GraphProto.Builder prefix = graph.toBuilder()
                .clearNode()
                .clearInitializer()
                .clearOutput()
                .clearValueInfo()
                .clearQuantizationAnnotation()
                .addAllNode(nodes);
        for (TensorProto tensor : graph.getInitializerList()) {
            if (used.contains(tensor.getName())) {
                prefix.addInitializer(tensor);
            }
        }
        ValueInfoProto.Builder output = ValueInfoProto.newBuilder().setName(frontier);
        output.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
        SortedMap<String, FloatTensor> weights = new TreeMap<>(allWeights);
        weights.keySet().retainAll(used);
        return new PrefixGraph(
                card,
                frontier,
                model.toBuilder().setGraph(prefix.addOutput(output)).build(),
                weights);
    }

    /** The name of the model it is a part of. */
    public String model() {
        return model;
    }

    public String inputName() {
        return input;
    }

    /** The shape of one row of the input. */
    public Shape row() {
        return row;
    }

    /** The name of its one output, a float32 value of any shape. */
    public String frontier() {
        return frontier;
    }

    public SortedMap<String, FloatTensor> weights() {
        return weights;
    }

    /** The part as an ONNX model, with its weights to be handed over as in {@link ModelGraph#skeleton()}. */
    public byte[] skeleton() {
        return Skeleton.of(proto, weights.keySet());
    }
}
