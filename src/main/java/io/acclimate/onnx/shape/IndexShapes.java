package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Operators that take values apart by position, or put them together. */
final class IndexShapes {
    private IndexShapes() {}

    static List<Declaration> declared() {
        return List.of(
                OperatorFacts.declare("Concat")
                        .shape(IndexShapes::concat)
                        .content(IndexShapes::joined)
                        .parameters(ParameterRule.TENSOR),
                OperatorFacts.declare("Split").outputs(IndexShapes::split).parameters(ParameterRule.MOVED),
                OperatorFacts.declare("Slice")
                        .shape(IndexShapes::slice)
                        .content(IndexShapes::sliced)
                        .parameters(ParameterRule.MOVED),
                OperatorFacts.declare("Gather")
                        .needs(2)
                        .shape(IndexShapes::gather)
                        .content(IndexShapes::gathered)
                        .parameters(ParameterRule.MOVED));
    }

    private static List<Dim> concat(NodeFacts node) {
        int rank = node.rank(0);
        int along = node.axis("axis", 0, rank);
        List<Dim> to = new ArrayList<>(node.shape(0));
        for (int i = 1; i < node.inputs().size(); i++) {
            for (int axis = 0; axis < rank; axis++) {
                Dim own = to.get(axis);
                Dim other = node.shape(i).get(axis);
                if (axis == along) {
                    boolean mixes = node.proving() && (own.isBatch() || other.isBatch());
                    to.set(axis, mixes ? Dim.UNKNOWN : own.plus(other));
                } else if (!own.equals(other)) {
                    to.set(axis, own.isKnown() && other.isKnown() ? Dim.UNKNOWN : own.isKnown() ? own : other);
                }
            }
        }
        return to;
    }

    private static Optional<List<Dim>> joined(NodeFacts node, List<Dim> shape) {
        if (!IntegerArithmetic.countable(node, shape)) {
            return Optional.empty();
        }
        int axis = node.axis("axis", 0, shape.size());
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < IntegerArithmetic.size(shape); i++) {
            int[] at = IntegerArithmetic.coordinates(i, shape);
            int operand = 0;
            while (at[axis] >= node.shape(operand).get(axis).factor()) {
                at[axis] -= (int) node.shape(operand).get(axis).factor();
                operand++;
            }
            out.add(node.content(operand).get(IntegerArithmetic.flat(at, node.shape(operand))));
        }
        return Optional.of(out);
    }

    private static List<ValueFacts> split(NodeFacts node) {
        List<Dim> from = node.shape(0);
        int axis = node.axis("axis", 0, from.size());
        Dim whole = from.get(axis);
        if (!whole.isNumber()) {
            return List.of();
        }
        long even = (whole.factor() + node.outputs() - 1) / node.outputs();
        long[] sizes = node.list("split", 1).orElseGet(() -> LongStream.range(0, node.outputs())
                .map(i -> Math.min(even, whole.factor() - i * even))
                .toArray());
        List<ValueFacts> parts = new ArrayList<>();
        for (long size : sizes) {
            List<Dim> part = new ArrayList<>(from);
            part.set(axis, Dim.of(size));
            parts.add(ValueFacts.shaped(node.input(0).type(), part));
        }
        return parts;
    }

    /** The start, end and step of a slice along one axis. */
    private record Cut(int axis, long start, long end, long step) {
        /** Whether the axis is taken as it is, however long it is. */
        boolean takesAll() {
            return start == 0 && end >= Integer.MAX_VALUE && step == 1;
        }

        SliceRange on(Dim extent) {
            return SliceRange.of(extent.factor(), start, end, step);
        }
    }

    private static List<Cut> cuts(NodeFacts node) {
        long[] starts = node.list("starts", 1).orElseThrow(IndexOutOfBoundsException::new);
        long[] ends = node.list("ends", 2).orElseThrow(IndexOutOfBoundsException::new);
        int[] axes = node.list("axes", 3)
                .map(each -> node.axes(each, node.rank(0)))
                .orElseGet(() -> NodeFacts.all(starts.length));
        Optional<long[]> steps = node.list("steps", 4);
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            cuts.add(new Cut(axes[i], starts[i], ends[i], steps.isPresent() ? steps.get()[i] : 1));
        }
        return cuts;
    }

    private static List<Dim> slice(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        for (Cut cut : cuts(node)) {
            Dim whole = to.get(cut.axis());
            if (whole.isNumber()) {
                to.set(cut.axis(), Dim.of(cut.on(whole).count()));
            } else if (!cut.takesAll()) {
                to.set(cut.axis(), Dim.UNKNOWN);
            }
        }
        return to;
    }

    private static Optional<List<Dim>> sliced(NodeFacts node, List<Dim> shape) {
        @Nullable SliceRange[] along = new SliceRange[node.rank(0)];
        for (Cut cut : cuts(node)) {
            along[cut.axis()] = cut.on(node.shape(0).get(cut.axis()));
        }
        return IntegerArithmetic.moved(node.input(0), shape, NodeFacts.all(node.rank(0)), (axis, at) -> {
            SliceRange range = along[axis];
            return range == null ? at : range.at(at);
        });
    }

    private static List<Dim> gather(NodeFacts node) {
        List<Dim> from = node.shape(0);
        int axis = node.axis("axis", 0, from.size());
        List<Dim> to = new ArrayList<>(from.subList(0, axis));
        boolean fromBatch = node.proving() && from.get(axis).isBatch();
        node.shape(1).forEach(each -> to.add(fromBatch ? Dim.UNKNOWN : each));
        to.addAll(from.subList(axis + 1, from.size()));
        return fromBatch ? Collections.nCopies(Math.max(1, to.size()), Dim.UNKNOWN) : to;
    }

    private static Optional<List<Dim>> gathered(NodeFacts node, List<Dim> shape) {
        Optional<long[]> indices = node.input(1).numbers();
        ValueFacts data = node.input(0);
        if (indices.isEmpty()
                || data.content().isEmpty()
                || data.extents().isEmpty()
                || IntegerArithmetic.size(shape) < 0) {
            return Optional.empty();
        }
        List<Dim> own = node.shape(0);
        int axis = node.axis("axis", 0, own.size());
        long extent = own.get(axis).factor();
        int inner = IntegerArithmetic.size(own.subList(axis + 1, own.size()));
        int outer = IntegerArithmetic.size(own.subList(0, axis));
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < outer; i++) {
            for (long each : indices.get()) {
                int row = (int) (i * extent + (each < 0 ? each + extent : each));
                out.addAll(data.content().orElseThrow().subList(row * inner, (row + 1) * inner));
            }
        }
        return Optional.of(out);
    }
}
