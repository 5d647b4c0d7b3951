package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.card.OutputTrace;
import io.acclimate.onnx.node.Tensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each classifier one form at its ends: a float32 input in the shape of the card, and one float32 output with a column for each
 * class. Whole-number inputs are rounded and cast, flat rows are flattened in the graph, other outputs are dropped, a quantised output
 * is dequantised, a ZipMap is left out, and one column becomes two: {@code softmax([-z/2, z/2])} is {@code [1 - sigmoid(z), sigmoid(z)]} and can be trained as any
 * softmax. A model that has this form already is not changed.
 */
public final class ClassifierForm {
    private static final int FLOAT = DataType.FLOAT.getNumber();
    private static final Set<Integer> BYTES = Set.of(DataType.UINT8.getNumber(), DataType.INT8.getNumber());
    /** The first operator set that has Round. */
    private static final int ROUND = 11;

    private final ModelCard card;
    private final GraphProto.Builder graph;
    private final Set<String> names = new HashSet<>();
    private boolean changed;

    private ClassifierForm(GraphProto graph, ModelCard card) {
        this.graph = graph.toBuilder();
        this.card = card;
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    }

    /**
     * The model in this form.
     *
     * @param model normalised
     * @param columns that its output has for each row, 0 where that is not known
     */
    public static ModelProto of(ModelProto model, ModelCard card, int columns) {
        ClassifierForm form = new ClassifierForm(model.getGraph(), card);
        form.output(columns);
        form.input(opset(model));
        return form.changed
                ? new Normaliser(model.toBuilder().setGraph(form.graph).build()).normalise()
                : model;
    }

    private void output(int columns) {
        Optional<ValueInfoProto> found = graph.getOutputList().stream()
                .filter(each -> each.getName().equals(card.outputName()))
                .findFirst();
        if (found.isEmpty()) {
            return;
        }
        OutputTrace trace = new OutputTrace(graph.build());
        ValueInfoProto output = found.get();
        boolean zipped = isZipMap(trace.producer(output.getName()));
        boolean binary = columns == 1 && card.classes().count() == 2;
        int type = output.getType().getTensorType().getElemType();
        boolean other = !zipped && type != FLOAT && type != 0;
        Optional<List<String>> steps = BYTES.contains(type) ? trace.quantisation(output.getName()) : Optional.empty();
        if (graph.getOutputCount() > 1) {
            changed = true;
            graph.clearOutput().addOutput(output);
        }
        if (!zipped && !binary && !other) {
            return;
        }
        changed = true;
        String inner = zipped
                ? trace.producer(output.getName()).orElseThrow().getInput(0)
                : fresh(output.getName() + "/inner");
        if (!zipped) {
            rename(output.getName(), inner);
        } else {
            remove(output.getName());
        }
        if (other) {
            String wide = fresh(output.getName() + "/float");
            widen(inner, wide, steps);
            inner = wide;
        }
        if (binary) {
            twoColumns(inner, other, trace, output.getName());
        } else {
            add("Identity", output.getName(), List.of(inner));
        }
        graph.clearOutput()
                .addOutput(rows(output.getName(), List.of((long) card.classes().count())));
    }

    /** Makes floats of an output that has another type: what quantised numbers stand for, and the same number of all others. */
    private void widen(String from, String to, Optional<List<String>> steps) {
        if (steps.isEmpty()) {
            add("Cast", to, List.of(from), attribute("to", FLOAT));
            return;
        }
        List<String> inputs = new ArrayList<>(List.of(from));
        inputs.addAll(steps.get());
        add("DequantizeLinear", to, inputs);
    }

    /** One column, the probability or the logit of the second class, becomes two. */
    private void twoColumns(String column, boolean cast, OutputTrace before, String output) {
        Optional<NodeProto> maker = before.maker(output);
        boolean sigmoid =
                maker.filter(node -> node.getOpType().equals("Sigmoid")).isPresent();
        boolean probabilities = card.outputKind() == ModelCard.OutputKind.PROBABILITIES;
        String from = probabilities && sigmoid && !before.isQuantised(output)
                ? maker.orElseThrow().getInput(0)
                : column;
        String flat = fresh(output + "/column");
        String wide = from;
        if (!from.equals(column) && cast) {
            // What the sigmoid reads has its type, perhaps, and not that of the column, which was cast.
            wide = fresh(output + "/wide");
            add("Cast", wide, List.of(from), attribute("to", FLOAT));
        }
        add("Reshape", flat, List.of(wide, constant(output + "/rows", -1, 1)));
        if (probabilities && from.equals(column)) {
            String rest = fresh(output + "/rest");
            add("Sub", rest, List.of(scalar(output + "/one", 1), flat));
            add("Concat", output, List.of(rest, flat), attribute("axis", 1));
            return;
        }
        String negative = fresh(output + "/negative");
        String both = fresh(output + "/both");
        add("Neg", negative, List.of(flat));
        add("Concat", both, List.of(negative, flat), attribute("axis", 1));
        String half = scalar(output + "/half", 0.5f);
        if (probabilities) {
            String logits = fresh(output + "/logits");
            add("Mul", logits, List.of(both, half));
            add("Softmax", output, List.of(logits), attribute("axis", 1));
        } else {
            add("Mul", output, List.of(both, half));
        }
    }

    private static long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(each -> each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(1);
    }

    private void input(long opset) {
        if (graph.getInputCount() != 1 || !graph.getInput(0).getName().equals(card.inputName())) {
            return;
        }
        ValueInfoProto input = graph.getInput(0);
        TypeProto.Tensor tensor = input.getType().getTensorType();
        int type = tensor.getElemType();
        List<Integer> row = card.input().row().extents();
        long elements = card.input().row().elements();
        boolean flat = tensor.getShape().getDimCount() == 2
                && (tensor.getShape().getDim(1).getDimValue() <= 0
                        || tensor.getShape().getDim(1).getDimValue() == elements);
        boolean other = type != FLOAT && type != 0 && type != DataType.STRING.getNumber();
        if (!flat && !other) {
            return;
        }
        changed = true;
        String inner = fresh(input.getName() + "/inner");
        rename(input.getName(), inner);
        List<NodeProto> rest = List.copyOf(graph.getNodeList());
        graph.clearNode();
        String value = input.getName();
        if (other) {
            String cast = flat ? fresh(input.getName() + "/cast") : inner;
            if (type != DataType.DOUBLE.getNumber()) {
                value = rounded(input.getName(), opset);
            }
            add("Cast", cast, List.of(value), attribute("to", type));
            value = cast;
        }
        if (flat) {
            add("Flatten", inner, List.of(value), attribute("axis", 1));
        }
        graph.addAllNode(rest);
        ValueInfoProto.Builder fresh = flat
                ? rows(input.getName(), row.stream().map(Integer::longValue).toList()).toBuilder()
                : input.toBuilder();
        fresh.getTypeBuilder().getTensorTypeBuilder().setElemType(FLOAT);
        if (flat && tensor.getShape().getDim(0).getDimValue() > 0) {
            fresh.getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .setDim(0, tensor.getShape().getDim(0));
        }
        graph.setInput(0, fresh);
    }

    private String rounded(String value, long opset) {
        String round = fresh(value + "/round");
        if (opset >= ROUND) {
            add("Round", round, List.of(value));
        } else {
            String up = fresh(value + "/up");
            add("Add", up, List.of(value, scalar(value + "/half", 0.5f)));
            add("Floor", round, List.of(up));
        }
        return round;
    }

    private static boolean isZipMap(Optional<NodeProto> node) {
        return node.filter(each ->
                        each.getOpType().equals("ZipMap") && each.getDomain().equals("ai.onnx.ml"))
                .isPresent();
    }

    /** Gives the value of the output another name, also where nodes read it. */
    private void rename(String from, String to) {
        for (int i = 0; i < graph.getNodeCount(); i++) {
            graph.setNode(i, GraphDraft.renamed(graph.getNode(i), name -> name.equals(from) ? to : name));
        }
    }

    private void remove(String output) {
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            if (graph.getNode(i).getOutputList().contains(output)) {
                graph.removeNode(i);
            }
        }
    }

    private void add(String type, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private String constant(String wanted, long... values) {
        String name = fresh(wanted);
        graph.addInitializer(Tensors.toProto(name, Shape.of(values.length), values));
        return name;
    }

    private String scalar(String wanted, float value) {
        String name = fresh(wanted);
        graph.addInitializer(Tensors.toProto(name, FloatTensor.wrap(Shape.of(), new float[] {value})));
        return name;
    }

    private String fresh(String wanted) {
        String name = wanted;
        while (!names.add(name)) {
            name += "_";
        }
        return name;
    }

    private static ValueInfoProto rows(String name, List<Long> row) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        TypeProto.Tensor.Builder tensor =
                value.getTypeBuilder().getTensorTypeBuilder().setElemType(FLOAT);
        tensor.getShapeBuilder().addDimBuilder().setDimParam("batch");
        row.forEach(extent -> tensor.getShapeBuilder().addDimBuilder().setDimValue(extent));
        return value.build();
    }
}
