package io.acclimate.onnx.shape;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a value before anything runs: its shape, and the content of integers and truth values in row-major order.
 *
 * @param type ONNX's number of the element type, 0 where it is unknown
 */
public record ValueFacts(int type, Optional<List<Dim>> shape, Optional<List<Dim>> content) {
    static final ValueFacts NOTHING = new ValueFacts(0, Optional.empty(), Optional.empty());
    static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
    static final int INT64 = TensorProto.DataType.INT64.getNumber();
    static final int INT32 = TensorProto.DataType.INT32.getNumber();
    static final int BOOL = TensorProto.DataType.BOOL.getNumber();

    /** An integer tensor with more elements is data and not shape arithmetic. */
    static final int LARGEST = 1 << 16;

    public ValueFacts {
        shape = shape.map(List::copyOf);
        content = content.map(List::copyOf);
    }

    public static ValueFacts shaped(int type, List<Dim> shape) {
        return new ValueFacts(type, Optional.of(shape), Optional.empty());
    }

    public static ValueFacts vector(List<Dim> content) {
        return new ValueFacts(INT64, Optional.of(List.of(Dim.of(content.size()))), Optional.of(content));
    }

    static ValueFacts scalar(Dim content) {
        return new ValueFacts(INT64, Optional.of(List.of()), Optional.of(List.of(content)));
    }

    public static ValueFacts of(TensorProto tensor) {
        List<Dim> shape = new ArrayList<>();
        tensor.getDimsList().forEach(dim -> shape.add(Dim.of(dim)));
        int type = tensor.getDataType();
        if (!isIntegral(type) || Tensors.shape(tensor).elements() > LARGEST) {
            return shaped(type, shape);
        }
        return new ValueFacts(
                type, Optional.of(shape), Tensors.toConstant(tensor).map(each -> Arrays.stream(each.longs())
                        .mapToObj(Dim::of)
                        .toList()));
    }

    /** The facts of a tensor that is known; integers and truth values are taken for int64. */
    static ValueFacts of(ConstantTensor tensor) {
        List<Dim> shape = tensor.shape().extents().stream().map(Dim::of).toList();
        if (!tensor.integral() || tensor.shape().elements() > LARGEST) {
            return shaped(tensor.integral() ? INT64 : FLOAT, shape);
        }
        return new ValueFacts(
                INT64,
                Optional.of(shape),
                Optional.of(Arrays.stream(tensor.longs()).mapToObj(Dim::of).toList()));
    }

    static boolean isIntegral(int type) {
        return type == INT64 || type == INT32 || type == BOOL;
    }

    ValueFacts withType(int newType) {
        return new ValueFacts(newType, shape, content);
    }

    int rank() {
        return shape.map(List::size).orElse(-1);
    }

    /** The content, where all of it is numbers. */
    public Optional<long[]> numbers() {
        return content.filter(list -> list.stream().allMatch(Dim::isNumber))
                .map(list -> list.stream().mapToLong(Dim::factor).toArray());
    }

    /** The shape, where each extent is a number that an array can have. */
    Optional<int[]> extents() {
        return shape.filter(
                        list -> list.stream().allMatch(each -> each.isNumber() && each.factor() == (int) each.factor()))
                .map(list -> list.stream().mapToInt(each -> (int) each.factor()).toArray());
    }

    public boolean hasFullShape() {
        return shape.filter(list -> list.stream().allMatch(Dim::isKnown)).isPresent();
    }

    /** The value as a constant, where all of its content is numbers. */
    Optional<ConstantTensor> toConstant() {
        Optional<int[]> extents = extents();
        return numbers()
                .filter(each -> extents.isPresent())
                .map(each -> ConstantTensor.ofLongs(Shape.of(extents.orElseThrow()), each));
    }

    /** The value as an initializer, where all of its content is numbers. */
    public Optional<TensorProto> toProto(String name) {
        Optional<int[]> extents = extents();
        Optional<long[]> numbers = numbers();
        if (extents.isEmpty() || numbers.isEmpty()) {
            return Optional.empty();
        }
        TensorProto wide = Tensors.toProto(name, Shape.of(extents.get()), numbers.get());
        if (type == INT64) {
            return Optional.of(wide);
        }
        TensorProto.Builder narrow = wide.toBuilder().clearInt64Data().setDataType(type);
        for (long each : numbers.get()) {
            narrow.addInt32Data((int) each);
        }
        return Optional.of(narrow.build());
    }
}
