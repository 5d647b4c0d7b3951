package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.util.List;

/** Normalisations. Each gives the shape of its input, unless it would compare rows of the batch with each other. */
final class NormalizationShapes {
    private NormalizationShapes() {}

    static List<Declaration> declared() {
        return List.of(
                declare("Softmax").shape(NormalizationShapes::softmax).is(Trait.TREATS_CLASSES_ALIKE),
                declare("LogSoftmax").shape(NormalizationShapes::softmax).is(Trait.TREATS_CLASSES_ALIKE),
                declare("LayerNormalization")
                        .needs(2)
                        .shape(NormalizationShapes::layer)
                        .parameters(ParameterRule.AFTER_DATA)
                        .is(Trait.NORMALIZES),
                declare("BatchNormalization")
                        .needs(5)
                        .shape(NormalizationShapes::perChannel)
                        .parameters((input, weight) -> input == 1 || input == 2)
                        .is(Trait.NORMALIZES),
                declare("InstanceNormalization")
                        .needs(3)
                        .shape(NormalizationShapes::perChannel)
                        .parameters(ParameterRule.AFTER_DATA)
                        .is(Trait.NORMALIZES),
                declare("GroupNormalization")
                        .shape(NormalizationShapes::perChannel)
                        .parameters(ParameterRule.AFTER_DATA)
                        .is(Trait.NORMALIZES),
                declare("LRN").shape(NormalizationShapes::perChannel),
                declare("RMSNormalization").parameters(ParameterRule.AFTER_DATA));
    }

    private static Declaration declare(String type) {
        return OperatorFacts.declare(type);
    }

    /** A softmax covers all axes from the given one on before opset 13, and one axis since then. */
    private static List<Dim> softmax(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        int axis = node.axis("axis", node.opset() < 13 ? 1 : -1, shape.size());
        shape.subList(axis, node.opset() < 13 ? shape.size() : axis + 1).forEach(NodeFacts::requireNotBatch);
        return shape;
    }

    private static List<Dim> layer(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        shape.subList(node.axis("axis", -1, shape.size()), shape.size()).forEach(NodeFacts::requireNotBatch);
        return shape;
    }

    /** These normalise per channel, or over all axes after the batch. */
    private static List<Dim> perChannel(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        shape.subList(1, shape.size()).forEach(NodeFacts::requireNotBatch);
        return shape;
    }
}
