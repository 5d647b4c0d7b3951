package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One node with its operands, as an {@link Operator} sees it. Arrays it makes belong to the step's manager. */
public record Call(GraphNode node, Map<String, Value> values, NDManager manager) {
    /** 1 GiB of float32. */
    private static final long MOST_ELEMENTS = 1L << 28;

    Attributes attributes() {
        return node.attributes();
    }

    boolean has(int index) {
        return node.hasInput(index);
    }

    int count() {
        return node.inputs().size();
    }

    Value value(int index) {
        Value value = has(index) ? values.get(node.inputs().get(index)) : null;
        if (value == null) {
            throw unsupported("input " + index
                    + (has(index) ? " '" + node.inputs().get(index) + "' is of an unsupported type" : " is missing"));
        }
        return value;
    }

    NDArray array(int index) {
        Value value = value(index);
        if (value instanceof Value.Dense dense) {
            return dense.array();
        }
        ConstantTensor tensor = ((Value.Fixed) value).tensor();
        return tensor.integral()
                ? manager.create(tensor.longs(), djl(tensor.shape()))
                : manager.create(tensor.floats(), djl(tensor.shape()));
    }

    /** Numbers that no gradient flows to. */
    ConstantTensor constant(int index) {
        if (value(index) instanceof Value.Fixed fixed) {
            return fixed.tensor();
        }
        NDArray array = array(index);
        if (!array.hasGradient()) {
            return read(array);
        }
        throw unsupported("input '" + node.inputs().get(index) + "' must be a constant");
    }

    private static ConstantTensor read(NDArray array) {
        io.acclimate.core.Shape shape =
                new io.acclimate.core.Shape(Arrays.stream(array.getShape().getShape())
                        .mapToObj(Math::toIntExact)
                        .toList());
        return array.getDataType() == DataType.FLOAT32
                ? ConstantTensor.ofFloats(FloatTensor.wrap(shape, array.toFloatArray()))
                : ConstantTensor.ofLongs(
                        shape, array.toType(DataType.INT64, false).toLongArray());
    }

    /** A list that older opsets give as an attribute and newer ones as an input. */
    long[] list(String attribute, int input, long... absent) {
        if (attributes().has(attribute)) {
            return attributes().integers(attribute);
        }
        return has(input) ? constant(input).longs() : absent;
    }

    /**
     * Refuses a result that no classifier has, before native code allocates it: a hostile model must not end the process.
     *
     * @return {@code extents}
     */
    long[] bounded(long... extents) {
        long elements = 1;
        for (long extent : extents) {
            if (extent < 0 || extent > MOST_ELEMENTS || (elements *= extent) > MOST_ELEMENTS) {
                throw unsupported("makes an array of shape " + Arrays.toString(extents) + ", the bound is "
                        + MOST_ELEMENTS + " elements");
            }
        }
        return extents;
    }

    /** The result of shape arithmetic on known integers, without an array; empty where an operand is anything else. */
    public Optional<List<Value>> folded() {
        List<Optional<ConstantTensor>> operands = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            if (!has(i)) {
                operands.add(Optional.empty());
                continue;
            }
            if (!(value(i) instanceof Value.Fixed fixed)
                    || !fixed.tensor().integral()
                    || fixed.tensor().shape().rank() > 1) {
                return Optional.empty();
            }
            operands.add(Optional.of(fixed.tensor()));
        }
        return StandardOperators.facts(node.type())
                .fold(node, operands)
                .map(tensor -> List.of(new Value.Fixed(tensor)));
    }

    UnsupportedNodeException unsupported(String reason) {
        return new UnsupportedNodeException(node, reason);
    }

    static List<Value> dense(NDArray array) {
        return List.of(new Value.Dense(array));
    }

    public static Shape djl(io.acclimate.core.Shape shape) {
        return new Shape(shape.extents().stream().mapToLong(Integer::longValue).toArray());
    }

    static int axis(long axis, int rank) {
        if (axis < -rank || axis > rank) {
            throw new IllegalArgumentException("axis " + axis + " of an array of rank " + rank);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
