package io.acclimate.adapt.domain;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A linear model with a normalisation and an embedding: the first value of a row is one of eight categories, and ONNX Runtime runs no batch with another. */
final class Categories {
    private static final int COUNT = 8;

    private Categories() {}

    static ModelGraph graph() {
        ModelCard bias = BiasModel.graph().card();
        ModelCard card = new ModelCard(
                "categories",
                bias.inputName(),
                bias.input(),
                bias.outputName(),
                bias.outputKind(),
                bias.classes(),
                Map.of());
        byte[] onnx = new GraphBuilder("categories", 13)
                .input("input", BiasModel.INPUT.row())
                .output("logits", Shape.of(BiasModel.CLASSES))
                .weight("w", zeros(192))
                .weight("b", each(0))
                .weight("scale", each(1))
                .weight("shift", each(0))
                .weight("mean", each(0))
                .weight("variance", each(1))
                .weight("table", zeros(COUNT))
                .constant("axes", 1)
                .constant("from", 0)
                .constant("to", 1)
                .node("Flatten", List.of("input"), List.of("flat"), Map.of())
                .node("Gemm", List.of("flat", "w", "b"), List.of("scores"), Map.of())
                .node(
                        "BatchNormalization",
                        List.of("scores", "scale", "shift", "mean", "variance"),
                        List.of("linear"),
                        Map.of())
                .node("Slice", List.of("flat", "from", "to", "axes"), List.of("first"), Map.of())
                .node("Squeeze", List.of("first", "axes"), List.of("number"), Map.of())
                .node("Cast", List.of("number"), List.of("category"), Map.of("to", 7L))
                .node("Gather", List.of("table", "category"), List.of("embedded"), Map.of())
                .node("Add", List.of("linear", "embedded"), List.of("logits"), Map.of())
                .toOnnx();
        try {
            return ModelGraph.of(onnx, card);
        } catch (InvalidModelException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A row with this category. */
    static FloatTensor row(int category) {
        float[] values = new float[192];
        values[0] = category;
        return FloatTensor.wrap(BiasModel.INPUT.row(), values);
    }

    private static FloatTensor each(float value) {
        float[] values = new float[BiasModel.CLASSES];
        Arrays.fill(values, value);
        return FloatTensor.wrap(Shape.of(BiasModel.CLASSES), values);
    }

    private static FloatTensor zeros(int rows) {
        return FloatTensor.wrap(Shape.of(rows, BiasModel.CLASSES), new float[rows * BiasModel.CLASSES]);
    }
}
