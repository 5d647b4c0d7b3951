package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives a text model one input {@code [batch, columns, tokens] float32} in place of one input of whole numbers for each column, so that
 * a row of it is a row as of any other model. Float32 holds the number of each token exactly. The digest of the tokenizer becomes part
 * of the model, since the same weights behind another tokenizer are another model.
 */
public final class TextForm {
    private static final String TOKENIZER = "acclimate.tokenizer";

    private final GraphProto.Builder graph;
    private final Set<String> names = new HashSet<>();

    private TextForm(GraphProto graph) {
        this.graph = graph.toBuilder();
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    }

    /** The model in this form; one that takes no text is not changed. */
    public static ModelProto of(ModelProto model, ModelCard card) {
        if (!(card.input() instanceof TextInput text)) {
            return model;
        }
        ModelProto.Builder changed = model.toBuilder().clearMetadataProps();
        model.getMetadataPropsList().stream()
                .filter(each -> !each.getKey().equals(TOKENIZER))
                .forEach(changed::addMetadataProps);
        changed.addMetadataProps(StringStringEntryProto.newBuilder()
                .setKey(TOKENIZER)
                .setValue(Digest.of(text.tokenizer().json().array()).hex()));
        TypeProto.Tensor first = model.getGraph().getInput(0).getType().getTensorType();
        if (model.getGraph().getInputCount() == 1 && first.getElemType() == DataType.FLOAT.getNumber()) {
            return changed.build();
        }
        TextForm form = new TextForm(model.getGraph());
        form.rewrite(text, card.inputName());
        return new Normaliser(changed.setGraph(form.graph).build()).normalise();
    }

    private void rewrite(TextInput text, String input) {
        List<ValueInfoProto> before = List.copyOf(graph.getInputList());
        Map<String, String> inner = new HashMap<>();
        List<NodeProto> split = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            ValueInfoProto each = before.get(i);
            String whole = fresh(each.getName() + "/whole");
            inner.put(each.getName(), whole);
            String column = fresh(each.getName() + "/column");
            String index = fresh(each.getName() + "/index");
            graph.addInitializer(Tensors.toProto(index, Shape.of(), new long[] {i}));
            split.add(node("Gather", column, List.of(input, index), "axis", 1));
            split.add(node(
                    "Cast",
                    whole,
                    List.of(column),
                    "to",
                    each.getType().getTensorType().getElemType()));
        }
        List<NodeProto> rest = List.copyOf(graph.getNodeList());
        graph.clearNode().addAllNode(split);
        rest.forEach(node -> graph.addNode(GraphDraft.renamed(node, name -> inner.getOrDefault(name, name))));
        graph.clearInput().addInput(row(text, input, before.get(0)));
    }

    private static ValueInfoProto row(TextInput text, String name, ValueInfoProto before) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        TypeProto.Tensor.Builder tensor =
                value.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT.getNumber());
        TensorShapeProto shape = before.getType().getTensorType().getShape();
        long fixed = shape.getDimCount() > 0 ? shape.getDim(0).getDimValue() : 0;
        TensorShapeProto.Dimension.Builder batch = tensor.getShapeBuilder().addDimBuilder();
        if (fixed > 0) {
            batch.setDimValue(fixed);
        } else {
            batch.setDimParam("batch");
        }
        text.row()
                .extents()
                .forEach(extent -> tensor.getShapeBuilder().addDimBuilder().setDimValue(extent));
        return value.build();
    }

    private static NodeProto node(String type, String output, List<String> inputs, String attribute, long value) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAttribute(AttributeProto.newBuilder()
                        .setName(attribute)
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(value))
                .build();
    }

    private String fresh(String wanted) {
        String name = wanted;
        while (!names.add(name)) {
            name += "_";
        }
        return name;
    }
}
