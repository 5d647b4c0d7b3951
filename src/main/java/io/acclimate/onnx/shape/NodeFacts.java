package io.acclimate.onnx.shape;

import io.acclimate.onnx.node.Attributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A node with what is known of its operands. Accessors throw an {@link IndexOutOfBoundsException} for what the node lacks.
 *
 * @param outputs how many outputs the node has
 * @param proving whether a shape may only be told where rows of the batch stay apart
 */
record NodeFacts(String type, int opset, Attributes attributes, List<ValueFacts> inputs, int outputs, boolean proving) {
    NodeFacts {
        inputs = List.copyOf(inputs);
    }

    ValueFacts input(int index) {
        return inputs.get(index);
    }

    List<Dim> shape(int index) {
        return inputs.get(index).shape().orElseThrow(() -> new IndexOutOfBoundsException("no shape"));
    }

    int rank(int index) {
        return shape(index).size();
    }

    boolean has(int index) {
        return index < inputs.size() && !inputs.get(index).equals(ValueFacts.NOTHING);
    }

    List<Dim> content(int index) {
        return inputs.get(index).content().orElseThrow(() -> new IndexOutOfBoundsException("no content"));
    }

    /** A list that older opsets give as an attribute and newer ones as an input. It is empty where the node has neither. */
    Optional<long[]> list(String attribute, int index) {
        if (attributes.has(attribute)) {
            return Optional.of(attributes.integers(attribute));
        }
        if (!has(index)) {
            return Optional.empty();
        }
        return Optional.of(
                inputs.get(index).numbers().orElseThrow(() -> new IndexOutOfBoundsException("content is unknown")));
    }

    int axis(long axis, int rank) {
        long positive = axis < 0 ? axis + rank : axis;
        if (positive < 0 || positive >= rank) {
            throw new IndexOutOfBoundsException("axis " + axis + " of " + rank);
        }
        return (int) positive;
    }

    int axis(String attribute, long absent, int rank) {
        return axis(attributes.integer(attribute, absent), rank);
    }

    int[] axes(long[] given, int rank) {
        int[] axes = new int[given.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = axis(given[i], rank);
        }
        return axes;
    }

    /** Says that the node's shape cannot be told, where {@code condition} does not hold. */
    static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what);
        }
    }

    /** Refuses an extent along which an operator would mix rows of the batch. */
    static void requireNotBatch(Dim extent) {
        require(!extent.isBatch(), "over the batch");
    }

    /** All axes of an array of that rank. */
    static int[] all(int rank) {
        return IntStream.range(0, rank).toArray();
    }
}
