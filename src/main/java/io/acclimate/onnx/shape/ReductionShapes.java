package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reductions over axes. A reduction over the batch has an unknown shape. */
final class ReductionShapes {
    private ReductionShapes() {}

    static List<Declaration> declared() {
        Stream<Declaration> plain = Stream.of(
                        "ReduceSum",
                        "ReduceMax",
                        "ReduceMin",
                        "ReduceL1",
                        "ReduceL2",
                        "ReduceSumSquare",
                        "ReduceLogSum",
                        "ReduceLogSumExp")
                .map(type -> OperatorFacts.declare(type).shape(ReductionShapes::reduce));
        Stream<Declaration> others = Stream.of(
                OperatorFacts.declare("ReduceMean")
                        .shape(ReductionShapes::reduce)
                        .is(Trait.TREATS_CLASSES_ALIKE),
                OperatorFacts.declare("ReduceProd")
                        .shape(ReductionShapes::reduce)
                        .content(ReductionShapes::product),
                OperatorFacts.declare("ArgMax").shape(ReductionShapes::extreme).gives(ElementType.INDEX),
                OperatorFacts.declare("ArgMin").shape(ReductionShapes::extreme).gives(ElementType.INDEX));
        return Stream.concat(plain, others).toList();
    }

    private static List<Dim> reduce(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        long[] given = node.list("axes", 1).orElse(new long[0]);
        if (given.length == 0 && node.attributes().integer("noop_with_empty_axes", 0) == 1) {
            return to;
        }
        int[] axes = given.length == 0 ? NodeFacts.all(to.size()) : node.axes(given, to.size());
        boolean keep = node.attributes().integer("keepdims", 1) == 1;
        for (int axis : axes) {
            NodeFacts.requireNotBatch(to.get(axis));
            to.set(axis, keep ? Dim.ONE : Dim.of(-1));
        }
        to.removeIf(each -> each.isNumber(-1));
        return to;
    }

    private static List<Dim> extreme(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        int axis = node.axis("axis", 0, to.size());
        NodeFacts.requireNotBatch(to.get(axis));
        to.set(axis, Dim.ONE);
        if (node.attributes().integer("keepdims", 1) == 0) {
            to.remove(axis);
        }
        return to;
    }

    /** The product of a vector, which is the size of a shape. */
    private static Optional<List<Dim>> product(NodeFacts node, List<Dim> shape) {
        return node.rank(0) != 1 ? Optional.empty() : node.input(0).content().map(list -> List.of(Dim.product(list)));
    }
}
