package io.acclimate.onnx.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Shape arithmetic: computes the integers and truth values that a node gives, once its shape is known. */
final class IntegerArithmetic {
    private IntegerArithmetic() {}

    static Dim not(Dim truth) {
        return truth.isNumber() ? Dim.of(truth.factor() == 0 ? 1 : 0) : Dim.UNKNOWN;
    }

    static Dim pick(Dim yes, Dim no, Dim condition) {
        return !condition.isNumber() ? Dim.UNKNOWN : condition.factor() != 0 ? yes : no;
    }

    /** How many elements a shape has; −1 where that is unknown or too many for shape arithmetic. */
    static int size(List<Dim> shape) {
        long size = 1;
        for (Dim each : shape) {
            size = each.isNumber() ? Math.multiplyExact(size, each.factor()) : Long.MAX_VALUE;
            if (size > ValueFacts.LARGEST || size < 0) {
                return -1;
            }
        }
        return (int) size;
    }

    /** The coordinates of the row-major index {@code flat}. */
    static int[] coordinates(int flat, List<Dim> shape) {
        int[] at = new int[shape.size()];
        int rest = flat;
        for (int i = at.length - 1; i >= 0; i--) {
            int extent = (int) shape.get(i).factor();
            at[i] = rest % extent;
            rest /= extent;
        }
        return at;
    }

    /** The row-major index of the innermost coordinates in a shape that may broadcast. */
    static int flat(int[] coordinates, List<Dim> shape) {
        int flat = 0;
        int missing = coordinates.length - shape.size();
        for (int i = 0; i < shape.size(); i++) {
            int extent = Math.toIntExact(shape.get(i).factor());
            flat = flat * extent + (extent == 1 ? 0 : coordinates[missing + i]);
        }
        return flat;
    }

    static Dim broadcast(ValueFacts operand, int[] coordinates) {
        return operand.content()
                .orElseThrow()
                .get(flat(coordinates, operand.shape().orElseThrow()));
    }

    /** Whether the content and shape of every operand is known, and the output is small enough. */
    static boolean countable(NodeFacts node, List<Dim> shape) {
        return size(shape) >= 0
                && node.inputs().stream()
                        .allMatch(each ->
                                each.content().isPresent() && each.extents().isPresent());
    }

    /** An operator of two operands, which broadcast. */
    static OperatorFacts.ContentRule binary(BinaryOperator<Dim> function) {
        return (node, shape) -> {
            if (node.inputs().size() != 2 || !countable(node, shape)) {
                return Optional.empty();
            }
            List<Dim> out = new ArrayList<>();
            for (int i = 0; i < size(shape); i++) {
                int[] at = coordinates(i, shape);
                out.add(function.apply(broadcast(node.input(0), at), broadcast(node.input(1), at)));
            }
            return Optional.of(out);
        };
    }

    /** Which position of a source axis an output's position is read from. */
    @FunctionalInterface
    interface Source {
        long at(int axis, int index);
    }

    /**
     * An operator that moves values.
     *
     * @param from the output axis that each axis of the operand is read along
     */
    static Optional<List<Dim>> moved(ValueFacts operand, List<Dim> shape, int[] from, Source source) {
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
                there[axis] = (int) source.at(axis, at[from[axis] + missing]);
            }
            out.add(operand.content().orElseThrow().get(flat(there, own)));
        }
        return Optional.of(out);
    }
}
