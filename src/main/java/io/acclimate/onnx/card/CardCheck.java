package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.OptionalInt;

/** Refuses a card that does not name the input, the output and the number of classes of its graph. */
public final class CardCheck {
    private CardCheck() {}

    /** Refuses a card that names an input or an output which the graph does not have. */
    public static void names(String file, ModelCard card, GraphProto graph) throws InvalidModelException {
        find(file, "input", card.inputName(), graph.getInputList());
        if (card.input() instanceof TextInput text) {
            if (graph.getInputCount() != 1
                    && graph.getInputCount() != text.columns().size()) {
                throw new InvalidModelException(
                        file,
                        "has " + graph.getInputCount() + " inputs, and the card says that they take " + text.columns());
            }
        } else if (graph.getInputCount() != 1) {
            throw new InvalidModelException(
                    file,
                    "has " + graph.getInputCount() + " inputs, "
                            + graph.getInputList().stream()
                                    .map(ValueInfoProto::getName)
                                    .toList()
                            + ", a classifier has 1: export it with a constant in place of each other one");
        }
        find(file, "output", card.outputName(), graph.getOutputList());
    }

    public static void check(String file, ModelCard card, GraphProto graph) throws InvalidModelException {
        names(file, card, graph);
        List<Integer> row = card.input().row().extents();
        TensorShapeProto shape = find(file, "input", card.inputName(), graph.getInputList())
                .getType()
                .getTensorType()
                .getShape();
        boolean fits = shape.getDimCount() == 0 || shape.getDimCount() == row.size() + 1;
        for (int i = 1; fits && i < shape.getDimCount(); i++) {
            long dim = shape.getDim(i).getDimValue();
            fits = dim <= 0 || dim == row.get(i - 1);
        }
        if (!fits) {
            throw new InvalidModelException(
                    file,
                    "the card says that a row of the input is " + row + ", the graph says "
                            + shape.getDimList().stream()
                                    .skip(1)
                                    .map(dim -> dim.getDimValue())
                                    .toList());
        }
        OptionalInt classes = new ClassCount(graph, new OutputTrace(graph), 0).of(card.outputName());
        if (classes.orElse(0) == 1 && card.classes().count() == 1) {
            throw new InvalidModelException(
                    file,
                    "the output has one column and the card names one class, so that each image would be of it: name two"
                            + " classes, of which the column is the second");
        }
        if (classes.isPresent() && classes.getAsInt() != card.classes().count()) {
            throw new InvalidModelException(
                    file,
                    "the card names " + card.classes().count() + " classes, the output has " + classes.getAsInt());
        }
    }

    private static ValueInfoProto find(String file, String what, String name, List<ValueInfoProto> values)
            throws InvalidModelException {
        for (ValueInfoProto value : values) {
            if (value.getName().equals(name)) {
                return value;
            }
        }
        throw new InvalidModelException(
                file,
                "the card names " + what + " '" + name + "', the graph has "
                        + values.stream().map(value -> value.getName()).toList());
    }
}
