package io.acclimate.onnx.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;

/** The content of integers and truth values that a node gives, once its shape is known: shape arithmetic, done on the numbers. */
final class IntegerArithmetic {
    private IntegerArithmetic() {}

    /** Empty where an operand's content or the operator is not known here. */
    static Optional<List<Dim>> of(NodeFacts node, List<Dim> shape) {
        return switch (node.type()) {
            case "Cast" -> cast(node);
            case "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten" ->
                node.input(0).content();
            case "Add" -> binary(node, shape, Dim::plus);
            case "Sub" -> binary(node, shape, Dim::minus);
            case "Mul" -> binary(node, shape, Dim::times);
            case "Div" -> binary(node, shape, Dim::over);
            case "Mod" ->
                node.attributes().integer("fmod", 0) == 0 ? binary(node, shape, Dim::modulo) : Optional.empty();
            case "Min" -> binary(node, shape, (a, b) -> pick(a, b, a.lessThan(b)));
            case "Max" -> binary(node, shape, (a, b) -> pick(b, a, a.lessThan(b)));
            case "Equal" -> binary(node, shape, Dim::equalTo);
            case "Less" -> binary(node, shape, Dim::lessThan);
            case "Greater" -> binary(node, shape, (a, b) -> b.lessThan(a));
            case "LessOrEqual" -> binary(node, shape, (a, b) -> not(b.lessThan(a)));
            case "GreaterOrEqual" -> binary(node, shape, (a, b) -> not(a.lessThan(b)));
            case "And" -> binary(node, shape, Dim::times);
            case "Or" -> binary(node, shape, (a, b) -> not(not(a).times(not(b))));
            case "Not" ->
                node.input(0)
                        .content()
                        .map(list -> list.stream().map(IntegerArithmetic::not).toList());
            case "Neg" ->
                node.input(0).content().map(list -> list.stream()
                        .map(each -> Dim.of(0).minus(each))
                        .toList());
            case "Where" -> where(node, shape);
            case "Concat" -> concat(node, shape);
            case "Gather" -> gather(node, shape);
            case "Slice" -> slice(node, shape);
            case "Transpose" -> transpose(node, shape);
            case "Expand" -> moved(node.input(0), shape, NodeFacts.all(node.rank(0)), (axis, at) -> at);
            case "ReduceProd" -> product(node);
            default -> Optional.empty();
        };
    }

    private static Optional<List<Dim>> cast(NodeFacts node) {
        long to = node.attributes().integer("to", 0);
        return node.input(0).content().map(list -> list.stream()
                .map(each -> to == ValueFacts.BOOL
                        ? not(each.equalTo(Dim.of(0)))
                        : to == ValueFacts.INT32 ? narrow(each) : each)
                .toList());
    }

    private static Dim narrow(Dim each) {
        return each.factor() == (int) each.factor() ? each : Dim.UNKNOWN;
    }

    private static Dim not(Dim truth) {
        return truth.isNumber() ? Dim.of(truth.factor() == 0 ? 1 : 0) : Dim.UNKNOWN;
    }

    private static Dim pick(Dim yes, Dim no, Dim condition) {
        return !condition.isNumber() ? Dim.UNKNOWN : condition.factor() != 0 ? yes : no;
    }

    private static int size(List<Dim> shape) {
        long size = 1;
        for (Dim each : shape) {
            size = each.isNumber() ? Math.multiplyExact(size, each.factor()) : Long.MAX_VALUE;
            if (size > ValueFacts.LARGEST || size < 0) {
                return -1;
            }
        }
        return (int) size;
    }

    /** Coordinates of row-major index {@code flat}. */
    private static int[] coordinates(int flat, List<Dim> shape) {
        int[] at = new int[shape.size()];
        int rest = flat;
        for (int i = at.length - 1; i >= 0; i--) {
            int extent = (int) shape.get(i).factor();
            at[i] = rest % extent;
            rest /= extent;
        }
        return at;
    }

    /** Row-major index of the innermost coordinates in a shape that may broadcast. */
    private static int flat(int[] coordinates, List<Dim> shape) {
        int flat = 0;
        int missing = coordinates.length - shape.size();
        for (int i = 0; i < shape.size(); i++) {
            int extent = Math.toIntExact(shape.get(i).factor());
            flat = flat * extent + (extent == 1 ? 0 : coordinates[missing + i]);
        }
        return flat;
    }

    private static Dim broadcast(ValueFacts operand, int[] coordinates) {
        return operand.content()
                .orElseThrow()
                .get(flat(coordinates, operand.shape().orElseThrow()));
    }

    private static boolean countable(NodeFacts node, List<Dim> shape) {
        return size(shape) >= 0
                && node.inputs().stream()
                        .allMatch(each ->
                                each.content().isPresent() && each.extents().isPresent());
    }

    private static Optional<List<Dim>> binary(NodeFacts node, List<Dim> shape, BinaryOperator<Dim> function) {
        if (node.inputs().size() != 2 || !countable(node, shape)) {
            return Optional.empty();
        }
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < size(shape); i++) {
            int[] at = coordinates(i, shape);
            out.add(function.apply(broadcast(node.input(0), at), broadcast(node.input(1), at)));
        }
        return Optional.of(out);
    }

    private static Optional<List<Dim>> where(NodeFacts node, List<Dim> shape) {
        if (!countable(node, shape)) {
            return Optional.empty();
        }
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < size(shape); i++) {
            int[] at = coordinates(i, shape);
            out.add(pick(broadcast(node.input(1), at), broadcast(node.input(2), at), broadcast(node.input(0), at)));
        }
        return Optional.of(out);
    }

    private static Optional<List<Dim>> concat(NodeFacts node, List<Dim> shape) {
        if (!countable(node, shape)) {
            return Optional.empty();
        }
        int axis = node.axis("axis", 0, shape.size());
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < size(shape); i++) {
            int[] at = coordinates(i, shape);
            int operand = 0;
            while (at[axis] >= node.shape(operand).get(axis).factor()) {
                at[axis] -= (int) node.shape(operand).get(axis).factor();
                operand++;
            }
            out.add(node.content(operand).get(flat(at, node.shape(operand))));
        }
        return Optional.of(out);
    }

    /** Where the element of an output axis stands on its source axis. */
    private interface Source {
        int at(int axis, int index);
    }

    /** @param from the output axis that each axis of the operand is read along */
    private static Optional<List<Dim>> moved(ValueFacts operand, List<Dim> shape, int[] from, Source source) {
        if (operand.content().isEmpty() || operand.extents().isEmpty() || size(shape) < 0) {
            return Optional.empty();
        }
        List<Dim> own = operand.shape().orElseThrow();
        int missing = shape.size() - own.size();
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < size(shape); i++) {
            int[] at = coordinates(i, shape);
            int[] there = new int[own.size()];
            for (int axis = 0; axis < there.length; axis++) {
                there[axis] = source.at(axis, at[from[axis] + missing]);
            }
            out.add(operand.content().orElseThrow().get(flat(there, own)));
        }
        return Optional.of(out);
    }

    private static Optional<List<Dim>> transpose(NodeFacts node, List<Dim> shape) {
        long[] reversed =
                LongStream.range(0, shape.size()).map(i -> shape.size() - 1 - i).toArray();
        long[] order = node.attributes().integers("perm", reversed);
        int[] from = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            from[(int) order[i]] = i;
        }
        return moved(node.input(0), shape, from, (axis, at) -> at);
    }

    private static Optional<List<Dim>> slice(NodeFacts node, List<Dim> shape) {
        int rank = node.rank(0);
        long[] starts = node.list("starts", 1).orElseThrow(IndexOutOfBoundsException::new);
        int[] axes =
                node.list("axes", 3).map(each -> node.axes(each, rank)).orElseGet(() -> NodeFacts.all(starts.length));
        long[] steps = node.list("steps", 4)
                .orElseGet(
                        () -> LongStream.generate(() -> 1).limit(starts.length).toArray());
        IntUnaryOperator[] along = new IntUnaryOperator[rank];
        for (int i = 0; i < starts.length; i++) {
            long extent = node.shape(0).get(axes[i]).factor();
            long step = steps[i];
            long first = MovementShapes.clamped(starts[i], extent, step < 0 ? -1 : 0);
            along[axes[i]] = at -> (int) (first + at * step);
        }
        return moved(
                node.input(0),
                shape,
                NodeFacts.all(rank),
                (axis, at) -> along[axis] == null ? at : along[axis].applyAsInt(at));
    }

    private static Optional<List<Dim>> gather(NodeFacts node, List<Dim> shape) {
        Optional<long[]> indices = node.input(1).numbers();
        ValueFacts data = node.input(0);
        if (indices.isEmpty() || data.content().isEmpty() || data.extents().isEmpty() || size(shape) < 0) {
            return Optional.empty();
        }
        List<Dim> own = node.shape(0);
        int axis = node.axis("axis", 0, own.size());
        long extent = own.get(axis).factor();
        int inner = size(own.subList(axis + 1, own.size()));
        int outer = size(own.subList(0, axis));
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < outer; i++) {
            for (long each : indices.get()) {
                int row = (int) (i * extent + (each < 0 ? each + extent : each));
                out.addAll(data.content().orElseThrow().subList(row * inner, (row + 1) * inner));
            }
        }
        return Optional.of(out);
    }

    private static Optional<List<Dim>> product(NodeFacts node) {
        return node.rank(0) != 1
                ? Optional.empty()
                : node.input(0)
                        .content()
                        .map(list -> Collections.singletonList(list.stream().reduce(Dim.ONE, Dim::times)));
    }
}
