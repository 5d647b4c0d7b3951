package io.acclimate.onnx.shape;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a value before anything runs: its shape, and of integers and truth values their content, row-major.
 *
 * @param type ONNX's number of the element type, 0 where unknown
 */
public record ValueFacts(int type, Optional<List<Dim>> shape, Optional<List<Dim>> content) {
    static final ValueFacts NOTHING = new ValueFacts(0, Optional.empty(), Optional.empty());
    static final int INT64 = TensorProto.DataType.INT64.getNumber();
    static final int INT32 = TensorProto.DataType.INT32.getNumber();
    static final int BOOL = TensorProto.DataType.BOOL.getNumber();

    /** Larger integer tensors are data, no shape arithmetic. */
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
        boolean integral = type == INT64 || type == INT32 || type == BOOL;
        if (!integral || Tensors.shape(tensor).elements() > LARGEST) {
            return shaped(type, shape);
        }
        return new ValueFacts(
                type, Optional.of(shape), Tensors.toConstant(tensor).map(each -> Arrays.stream(each.longs())
                        .mapToObj(Dim::of)
                        .toList()));
    }

    ValueFacts withType(int newType) {
        return new ValueFacts(newType, shape, content);
    }

    int rank() {
        return shape.map(List::size).orElse(-1);
    }

    /** Empty where a number is missing. */
    public Optional<long[]> numbers() {
        return content.filter(list -> list.stream().allMatch(Dim::isNumber))
                .map(list -> list.stream().mapToLong(Dim::factor).toArray());
    }

    /** Empty where an extent is missing, a multiple of the batch, or more than an array can have. */
    Optional<int[]> extents() {
        return shape.filter(
                        list -> list.stream().allMatch(each -> each.isNumber() && each.factor() == (int) each.factor()))
                .map(list -> list.stream().mapToInt(each -> (int) each.factor()).toArray());
    }

    public boolean hasFullShape() {
        return shape.filter(list -> list.stream().allMatch(Dim::isKnown)).isPresent();
    }

    /** As an initializer; empty where the content is not wholly numbers. */
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
