package io.acclimate.onnx.shape;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The operators of the ONNX standard, by name. The facts are constants: each family declares its own beside their rules. */
public final class StandardOperators {
    private static final Map<String, OperatorFacts> TABLE = table();

    private StandardOperators() {}

    private static Map<String, OperatorFacts> table() {
        Map<String, OperatorFacts> table = new TreeMap<>();
        Stream.of(
                        LayerShapes.declared(),
                        NormalizationShapes.declared(),
                        ElementShapes.declared(),
                        ReductionShapes.declared(),
                        MovementShapes.declared(),
                        IndexShapes.declared(),
                        ShapeConstants.declared(),
                        ShapelessOperators.declared())
                .flatMap(List::stream)
                .map(OperatorFacts.Declaration::facts)
                .forEach(each -> {
                    if (table.put(each.type(), each) != null) {
                        throw new IllegalStateException("operator " + each + " is declared twice");
                    }
                });
        return Collections.unmodifiableMap(table);
    }

    /** The facts of an operator of ONNX's own domain. */
    public static OperatorFacts facts(String type) {
        return TABLE.getOrDefault(type, OperatorFacts.UNKNOWN);
    }

    /** Every operator that has facts. */
    public static Set<String> types() {
        return TABLE.keySet();
    }
}
