package io.acclimate.train;

import ai.djl.ndarray.types.Shape;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One operator application whose gradient is checked.
 *
 * @param inputs a {@code Shape} (a float leaf around 0), a {@link Leaf}, {@code long[]}, {@code float[]} or
 *     {@code ConstantTensor} (constants), or {@link #ABSENT}
 * @param outputs how many of the node's outputs are float and enter the loss
 */
record OperatorSample(String type, int opset, Map<String, Object> attributes, List<Object> inputs, int outputs) {
    static final String ABSENT = "";

    /** A float leaf around {@code middle}, for functions that are not defined around 0. */
    record Leaf(Shape shape, float middle) {}

    static OperatorSample on(String type, Map<String, Object> attributes, Object... inputs) {
        return new OperatorSample(type, 17, attributes, List.of(inputs), 1);
    }

    static OperatorSample on(String type, Object... inputs) {
        return on(type, Map.of(), inputs);
    }

    OperatorSample opset(int version) {
        return new OperatorSample(type, version, attributes, inputs, outputs);
    }

    OperatorSample outputs(int count) {
        return new OperatorSample(type, opset, attributes, inputs, count);
    }

    static Leaf around(double middle, long... extents) {
        return new Leaf(new Shape(extents), (float) middle);
    }

    static long[] longs(long... values) {
        return values;
    }

    static ConstantTensor indices(Shape shape, long... values) {
        return ConstantTensor.ofLongs(plain(shape), values);
    }

    static ConstantTensor numbers(Shape shape, float... values) {
        return ConstantTensor.ofFloats(FloatTensor.wrap(plain(shape), values));
    }

    private static io.acclimate.core.Shape plain(Shape shape) {
        return new io.acclimate.core.Shape(
                Arrays.stream(shape.getShape()).mapToObj(Math::toIntExact).toList());
    }

    @Override
    public String toString() {
        return type + " " + attributes.keySet() + " of " + inputs.size() + ", opset " + opset;
    }
}
