package io.acclimate.onnx.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Shapes of operators that move values. What cannot be told is {@link Dim#UNKNOWN}. */
public final class MovementShapes {
    private MovementShapes() {}

    public static Dim product(List<Dim> extents) {
        return extents.stream().reduce(Dim.ONE, Dim::times);
    }

    static List<Dim> reshape(NodeFacts node) {
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
            target.set(free, product(from).over(product(target)));
        }
        return apart(node, from, target);
    }

    static List<Dim> flatten(NodeFacts node) {
        List<Dim> from = node.shape(0);
        long given = node.attributes().integer("axis", 1);
        int axis = (int) (given < 0 ? given + from.size() : given);
        return apart(node, from, List.of(product(from.subList(0, axis)), product(from.subList(axis, from.size()))));
    }

    /** Where it is to be proven, rows stay apart when as many elements lie outside the batch before as after. */
    private static List<Dim> apart(NodeFacts node, List<Dim> from, List<Dim> to) {
        boolean same = product(from).equalTo(product(to)).isNumber(1);
        if (!node.proving() || (same && outside(from).equals(outside(to)))) {
            return to;
        }
        return Collections.nCopies(to.size(), Dim.UNKNOWN);
    }

    /** How many elements lie outside the batch; of a shape without batch, unknown. */
    public static Dim outside(List<Dim> shape) {
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i).isBatch()) {
                return product(shape.subList(0, i));
            }
        }
        return Dim.UNKNOWN;
    }

    static List<Dim> transpose(NodeFacts node) {
        List<Dim> from = node.shape(0);
        long[] reversed =
                LongStream.range(0, from.size()).map(i -> from.size() - 1 - i).toArray();
        return Arrays.stream(node.attributes().integers("perm", reversed))
                .mapToObj(axis -> from.get((int) axis))
                .toList();
    }

    static List<Dim> squeeze(NodeFacts node) {
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

    static List<Dim> unsqueeze(NodeFacts node) {
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

    static List<Dim> concat(NodeFacts node) {
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

    static List<List<Dim>> split(NodeFacts node) {
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
        List<List<Dim>> parts = new ArrayList<>();
        for (long size : sizes) {
            List<Dim> part = new ArrayList<>(from);
            part.set(axis, Dim.of(size));
            parts.add(part);
        }
        return parts;
    }

    /** A start or end on an axis of {@code extent}, from {@code low} on. */
    static long clamped(long at, long extent, long low) {
        long positive = at < 0 ? at + extent : at;
        return Math.max(Math.min(0, low), Math.min(low < 0 ? extent - 1 : extent, positive));
    }

    static List<Dim> slice(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        long[] starts = node.list("starts", 1).orElseThrow(IndexOutOfBoundsException::new);
        long[] ends = node.list("ends", 2).orElseThrow(IndexOutOfBoundsException::new);
        int[] axes = node.list("axes", 3)
                .map(each -> node.axes(each, to.size()))
                .orElseGet(() -> NodeFacts.all(starts.length));
        long[] steps = node.list("steps", 4)
                .orElseGet(
                        () -> LongStream.generate(() -> 1).limit(starts.length).toArray());
        for (int i = 0; i < starts.length; i++) {
            Dim whole = to.get(axes[i]);
            if (!whole.isNumber()) {
                boolean all = starts[i] == 0 && ends[i] >= Integer.MAX_VALUE && steps[i] == 1;
                to.set(axes[i], all ? whole : Dim.UNKNOWN);
                continue;
            }
            int low = steps[i] < 0 ? -1 : 0;
            long span = clamped(ends[i], whole.factor(), low) - clamped(starts[i], whole.factor(), low);
            long count = steps[i] < 0 ? (span + steps[i] + 1) / steps[i] : (span + steps[i] - 1) / steps[i];
            to.set(axes[i], Dim.of(Math.max(0, count)));
        }
        return to;
    }

    static List<Dim> gather(NodeFacts node) {
        List<Dim> from = node.shape(0);
        int axis = node.axis("axis", 0, from.size());
        List<Dim> to = new ArrayList<>(from.subList(0, axis));
        boolean fromBatch = node.proving() && from.get(axis).isBatch();
        node.shape(1).forEach(each -> to.add(fromBatch ? Dim.UNKNOWN : each));
        to.addAll(from.subList(axis + 1, from.size()));
        return fromBatch ? Collections.nCopies(Math.max(1, to.size()), Dim.UNKNOWN) : to;
    }

    static List<Dim> expand(NodeFacts node) {
        return LayerShapes.broadcast(List.of(node.shape(0), node.content(1)));
    }

    static List<Dim> tile(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        for (int i = 0; i < to.size(); i++) {
            Dim times = node.content(1).get(i);
            boolean mixes = node.proving() && !times.isNumber(1) && (to.get(i).isBatch() || times.isBatch());
            to.set(i, mixes ? Dim.UNKNOWN : to.get(i).times(times));
        }
        return to;
    }

    static List<Dim> pad(NodeFacts node) {
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
}
