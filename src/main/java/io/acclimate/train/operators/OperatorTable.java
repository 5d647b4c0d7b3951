package io.acclimate.train.operators;

import io.acclimate.onnx.node.GraphNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every operator that can be trained through, by ONNX type. Each family adds its own, so an operator is added in its family's
 * class alone; its facts are in {@link io.acclimate.onnx.shape.OperatorFacts} already.
 */
public final class OperatorTable {
    private static final Map<String, Operator> TABLE = table();

    private OperatorTable() {}

    private static Map<String, Operator> table() {
        Map<String, Operator> table = new TreeMap<>();
        LinearOperators.addTo(table);
        Convolutions.addTo(table);
        Recurrent.addTo(table);
        Pooling.addTo(table);
        Scattering.addTo(table);
        Normalizations.addTo(table);
        LossOperators.addTo(table);
        Elementwise.addTo(table);
        Activations.addTo(table);
        Selection.addTo(table);
        Shapes.addTo(table);
        Padding.addTo(table);
        Resizing.addTo(table);
        GridSampling.addTo(table);
        ShapeConstants.addTo(table);
        Reductions.addTo(table);
        return Collections.unmodifiableMap(table);
    }

    /** The operator of that type, where it is one of ONNX's own domain and has a trainable form. */
    public static Optional<Operator> find(String type, String domain) {
        return domain.isEmpty() ? Optional.ofNullable(TABLE.get(type)) : Optional.empty();
    }

    public static boolean knows(GraphNode node) {
        return find(node.type(), node.domain()).isPresent();
    }

    public static Set<String> types() {
        return TABLE.keySet();
    }
}
