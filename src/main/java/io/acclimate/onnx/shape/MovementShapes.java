package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.ContentRule;
import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operators that arrange values in another shape, repeat them, or put others around them. */
final class MovementShapes {
    private MovementShapes() {}

    static List<Declaration> declared() {
        ContentRule kept = (node, shape) -> node.input(0).content();
        return List.of(
                moving("Reshape")
                        .shape(MovementShapes::reshape)
                        .content(kept)
                        .extents(1)
                        .is(Trait.CARRIES_VALUES),
                moving("Flatten")
                        .shape(MovementShapes::flatten)
                        .content(kept)
                        .is(Trait.TREATS_CLASSES_ALIKE)
                        .is(Trait.CARRIES_VALUES),
                moving("Squeeze")
                        .shape(MovementShapes::squeeze)
                        .content(kept)
                        .is(Trait.TREATS_CLASSES_ALIKE)
                        .is(Trait.CARRIES_VALUES),
                moving("Unsqueeze")
                        .shape(MovementShapes::unsqueeze)
                        .content(kept)
                        .is(Trait.TREATS_CLASSES_ALIKE)
                        .is(Trait.CARRIES_VALUES),
                moving("Transpose").shape(MovementShapes::transpose).content(MovementShapes::transposed),
                OperatorFacts.declare("Expand")
                        .needs(2)
                        .shape(MovementShapes::expand)
                        .content(MovementShapes::expanded)
                        .parameters(ParameterRule.MOVED)
                        .extents(1),
                OperatorFacts.declare("Tile")
                        .needs(2)
                        .shape(MovementShapes::tile)
                        .settingsFrom(1)
                        .extents(1),
                OperatorFacts.declare("Pad")
                        .shape(MovementShapes::pad)
                        .settingsFrom(1)
                        .extents(1));
    }

    private static Declaration moving(String type) {
        return OperatorFacts.declare(type).parameters(ParameterRule.MOVED).is(Trait.MOVES);
    }

    private static List<Dim> reshape(NodeFacts node) {
        List<Dim> from = node.shape(0);
        List<Dim> target = new ArrayList<>(
                node.attributes().has("shape")
                        ? Arrays.stream(node.attributes().integers("shape"))
                                .mapToObj(Dim::of)
                                .toList()
                        : node.content(1));
        int free = -1;
        for (int i = 0; i < target.size(); i++) {
            if (target.get(i).isNumber(0) && node.attributes().integer("allowzero", 0) == 0) {
                target.set(i, from.get(i));
            }
            free = target.get(i).isNumber(-1) ? i : free;
        }
        if (free >= 0) {
            target.set(free, Dim.ONE);
            target.set(free, Dim.product(from).over(Dim.product(target)));
        }
        return apart(node, from, target);
    }

    private static List<Dim> flatten(NodeFacts node) {
        List<Dim> from = node.shape(0);
        long given = node.attributes().integer("axis", 1);
        int axis = (int) (given < 0 ? given + from.size() : given);
        return apart(
                node, from, List.of(Dim.product(from.subList(0, axis)), Dim.product(from.subList(axis, from.size()))));
    }

    /** Rows stay apart where as many elements lie outside the batch before as after; this is only asked where it is to be proven. */
    private static List<Dim> apart(NodeFacts node, List<Dim> from, List<Dim> to) {
        boolean same = Dim.product(from).equalTo(Dim.product(to)).isNumber(1);
        if (!node.proving() || (same && Dim.outsideBatch(from).equals(Dim.outsideBatch(to)))) {
            return to;
        }
        return Collections.nCopies(to.size(), Dim.UNKNOWN);
    }

    private static List<Dim> transpose(NodeFacts node) {
        List<Dim> from = node.shape(0);
        long[] reversed =
                LongStream.range(0, from.size()).map(i -> from.size() - 1 - i).toArray();
        return Arrays.stream(node.attributes().integers("perm", reversed))
                .mapToObj(axis -> from.get((int) axis))
                .toList();
    }

    private static List<Dim> squeeze(NodeFacts node) {
        List<Dim> from = new ArrayList<>(node.shape(0));
        long[] axes = node.list("axes", 1).orElseGet(() -> LongStream.range(0, from.size())
                .filter(i -> from.get((int) i).isNumber(1))
                .toArray());
        for (int axis : node.axes(axes, from.size())) {
            from.set(axis, from.get(axis).isNumber(1) || !node.proving() ? Dim.of(-1) : Dim.UNKNOWN);
        }
        from.removeIf(each -> each.isNumber(-1));
        return from;
    }

    private static List<Dim> unsqueeze(NodeFacts node) {
        List<Dim> from = node.shape(0);
        long[] given = node.list("axes", 1).orElseThrow(IndexOutOfBoundsException::new);
        List<Dim> to = new ArrayList<>(Collections.nCopies(from.size() + given.length, Dim.UNKNOWN));
        for (int axis : node.axes(given, to.size())) {
            to.set(axis, Dim.ONE);
        }
        int next = 0;
        for (int i = 0; i < to.size(); i++) {
            if (!to.get(i).isNumber(1)) {
                to.set(i, from.get(next++));
            }
        }
        return to;
    }

    private static List<Dim> expand(NodeFacts node) {
        return ElementShapes.broadcast(List.of(node.shape(0), node.content(1)));
    }

    private static List<Dim> tile(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        for (int i = 0; i < to.size(); i++) {
            Dim times = node.content(1).get(i);
            boolean mixes = node.proving() && !times.isNumber(1) && (to.get(i).isBatch() || times.isBatch());
            to.set(i, mixes ? Dim.UNKNOWN : to.get(i).times(times));
        }
        return to;
    }

    private static List<Dim> pad(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        long[] pads = node.list("pads", 1).orElseThrow(IndexOutOfBoundsException::new);
        int count = pads.length / 2;
        int[] axes =
                node.list("axes", 3).map(each -> node.axes(each, to.size())).orElseGet(() -> NodeFacts.all(count));
        for (int i = 0; i < count; i++) {
            to.set(axes[i], to.get(axes[i]).plus(Dim.of(pads[i] + pads[count + i])));
        }
        return to;
    }

    private static Optional<List<Dim>> transposed(NodeFacts node, List<Dim> shape) {
        long[] reversed =
                LongStream.range(0, shape.size()).map(i -> shape.size() - 1 - i).toArray();
        long[] order = node.attributes().integers("perm", reversed);
        int[] from = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            from[(int) order[i]] = i;
        }
        return IntegerArithmetic.moved(node.input(0), shape, from, (axis, at) -> at);
    }

    private static Optional<List<Dim>> expanded(NodeFacts node, List<Dim> shape) {
        return IntegerArithmetic.moved(node.input(0), shape, NodeFacts.all(node.rank(0)), (axis, at) -> at);
    }
}
