package io.acclimate.infer;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.Map;

/** A linear classifier of 3x8x8 images whose bias decides: version n answers class n mod 5, so each answer tells its version. */
public final class BiasModel {
    public static final int CLASSES = 5;
    public static final InputSpec INPUT = new InputSpec(
            3,
            8,
            8,
            InputSpec.Layout.NCHW,
            InputSpec.Colour.RGB,
            InputSpec.Resize.STRETCH,
            List.of(0.5f, 0.5f, 0.5f),
            List.of(0.5f, 0.5f, 0.5f));

    private BiasModel() {}

    public static ModelGraph graph() {
        return graph(CLASSES);
    }

    /** The card always says {@value #CLASSES} classes; the graph gives {@code outputs}. */
    public static ModelGraph graph(int outputs) {
        ModelCard card = new ModelCard(
                "bias",
                "input",
                INPUT,
                "logits",
                ModelCard.OutputKind.LOGITS,
                new ClassNames(List.of("zero", "one", "two", "three", "four")),
                Map.of());
        byte[] onnx = new GraphBuilder("bias", 13)
                .input("input", INPUT.row())
                .output("logits", Shape.of(outputs))
                .weight("w", FloatTensor.wrap(Shape.of(192, outputs), new float[192 * outputs]))
                .weight("b", bias(0, outputs, 10))
                .node("Flatten", List.of("input"), List.of("flat"), Map.of())
                .node("Gemm", List.of("flat", "w", "b"), List.of("logits"), Map.of())
                .toOnnx();
        try {
            return ModelGraph.of(onnx, card);
        } catch (InvalidModelException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rounds its scores as a quantised network does, and has no gradient because of that. */
    public static ModelGraph quantised() {
        byte[] onnx = new GraphBuilder("bias", 13)
                .input("input", INPUT.row())
                .output("logits", Shape.of(CLASSES))
                .weight("w", FloatTensor.wrap(Shape.of(192, CLASSES), new float[192 * CLASSES]))
                .weight("b", bias(0, CLASSES, 10))
                .node("Flatten", List.of("input"), List.of("flat"), Map.of())
                .node("Gemm", List.of("flat", "w", "b"), List.of("sums"), Map.of())
                .node("DynamicQuantizeLinear", List.of("sums"), List.of("levels", "step", "zero"), Map.of())
                .node("DequantizeLinear", List.of("levels", "step", "zero"), List.of("logits"), Map.of())
                .toOnnx();
        try {
            return ModelGraph.of(onnx, graph().card());
        } catch (InvalidModelException e) {
            throw new IllegalStateException(e);
        }
    }

    public static WeightDelta version(long number) {
        return WeightDelta.of(Map.of("b", bias(number, CLASSES, 10)));
    }

    public static WeightDelta nan() {
        return WeightDelta.of(Map.of("b", bias(0, CLASSES, Float.NaN)));
    }

    private static FloatTensor bias(long number, int outputs, float value) {
        float[] values = new float[outputs];
        values[(int) (number % outputs)] = value;
        return FloatTensor.wrap(Shape.of(outputs), values);
    }
}
