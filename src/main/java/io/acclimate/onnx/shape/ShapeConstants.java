package io.acclimate.onnx.shape;

import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operators that answer with a shape, a size, a filled tensor or a range: where shape arithmetic begins. */
final class ShapeConstants {
    private ShapeConstants() {}

    static List<Declaration> declared() {
        return List.of(
                OperatorFacts.declare("Shape")
                        .outputs(node -> List.of(ValueFacts.vector(extents(node))))
                        .gives(ElementType.INDEX),
                OperatorFacts.declare("Size")
                        .outputs(node -> List.of(ValueFacts.scalar(Dim.product(node.shape(0)))))
                        .gives(ElementType.INDEX),
                OperatorFacts.declare("ConstantOfShape")
                        .outputs(node -> List.of(filled(node)))
                        .gives(ElementType.UNKNOWN)
                        .extents(0),
                OperatorFacts.declare("Range")
                        .needs(3)
                        .outputs(node -> List.of(range(node)))
                        .gives(ElementType.UNKNOWN)
                        .settingsFrom(0));
    }

    private static List<Dim> extents(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        long rank = shape.size();
        long start = SliceRange.clamped(node.attributes().integer("start", 0), rank, 0);
        long end = SliceRange.clamped(node.attributes().integer("end", rank), rank, 0);
        return shape.subList((int) start, (int) end);
    }

    private static ValueFacts filled(NodeFacts node) {
        List<Dim> shape = node.content(0);
        Optional<ConstantTensor> value = node.attributes().tensor("value");
        if (value.isEmpty() || !value.get().integral()) {
            return ValueFacts.shaped(1, shape);
        }
        int type = node.attributes().elementType("value");
        Dim size = Dim.product(shape);
        if (!size.isNumber() || size.factor() > ValueFacts.LARGEST) {
            return ValueFacts.shaped(type, shape);
        }
        Dim each = Dim.of(value.get().longs()[0]);
        return new ValueFacts(type, Optional.of(shape), Optional.of(Collections.nCopies((int) size.factor(), each)));
    }

    private static ValueFacts range(NodeFacts node) {
        Optional<long[]> start = node.input(0).numbers();
        Optional<long[]> limit = node.input(1).numbers();
        Optional<long[]> step = node.input(2).numbers();
        if (start.isEmpty() || limit.isEmpty() || step.isEmpty() || step.get()[0] == 0) {
            return ValueFacts.shaped(node.input(0).type(), List.of(Dim.UNKNOWN));
        }
        long first = start.get()[0];
        long by = step.get()[0];
        long span = limit.get()[0] - first;
        long count = Math.max(0, by > 0 ? (span + by - 1) / by : (span + by + 1) / by);
        if (count > ValueFacts.LARGEST) {
            return ValueFacts.shaped(node.input(0).type(), List.of(Dim.of(count)));
        }
        return ValueFacts.vector(LongStream.range(0, count)
                        .mapToObj(i -> Dim.of(first + i * by))
                        .toList())
                .withType(node.input(0).type());
    }
}
