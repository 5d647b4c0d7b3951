package io.acclimate.train.operators;

import io.acclimate.core.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;

/** The integer sums that exporters write to compute a shape, done on the known numbers: no array, no gradient. */
public final class ShapeArithmetic {
    private ShapeArithmetic() {}

    /** Empty when an operand is no known integer or the operator is none of shape arithmetic. */
    public static Optional<List<Value>> apply(Call call) {
        List<ConstantTensor> operands = new ArrayList<>();
        for (int i = 0; i < call.count(); i++) {
            if (!call.has(i)) {
                continue;
            }
            if (!(call.value(i) instanceof Value.Fixed fixed)
                    || !fixed.tensor().integral()
                    || fixed.tensor().shape().rank() > 1) {
                return Optional.empty();
            }
            operands.add(fixed.tensor());
        }
        if (operands.isEmpty()) {
            return Optional.empty();
        }
        ConstantTensor first = operands.get(0);
        return switch (call.node().type()) {
            case "Identity", "Squeeze" -> reshaped(call, first);
            case "Unsqueeze" -> first.shape().rank() == 0 ? vector(first.longs()) : Optional.empty();
            case "Cast" -> call.attributes().integer("to", 7) == 1 ? Optional.empty() : reshaped(call, first);
            case "Concat" ->
                vector(operands.stream()
                        .flatMapToLong(each -> Arrays.stream(each.longs()))
                        .toArray());
            case "Gather" -> gather(first.longs(), operands.get(1));
            case "Slice" -> slice(call, first.longs());
            case "Add" -> binary(operands, Long::sum);
            case "Sub" -> binary(operands, (a, b) -> a - b);
            case "Mul" -> binary(operands, (a, b) -> a * b);
            case "Div" -> binary(operands, (a, b) -> a / b);
            case "ReduceProd" -> scalar(LongStream.of(first.longs()).reduce(1, (a, b) -> a * b));
            default -> Optional.empty();
        };
    }

    private static Optional<List<Value>> reshaped(Call call, ConstantTensor tensor) {
        boolean scalar = call.node().type().equals("Squeeze") || tensor.shape().rank() == 0;
        return scalar && tensor.shape().elements() == 1 ? scalar(tensor.longs()[0]) : vector(tensor.longs());
    }

    private static Optional<List<Value>> vector(long... values) {
        return Optional.of(List.of(new Value.Fixed(ConstantTensor.ofLongs(Shape.of(values.length), values))));
    }

    private static Optional<List<Value>> scalar(long value) {
        return Optional.of(List.of(new Value.Fixed(ConstantTensor.ofLongs(Shape.of(), new long[] {value}))));
    }

    private static Optional<List<Value>> gather(long[] from, ConstantTensor at) {
        long[] out = LongStream.of(at.longs())
                .map(i -> from[(int) (i < 0 ? i + from.length : i)])
                .toArray();
        return at.shape().rank() == 0 ? scalar(out[0]) : vector(out);
    }

    private static Optional<List<Value>> slice(Call call, long[] from) {
        long first = call.list("starts", 1)[0];
        int start = (int) Math.max(0, Math.min(from.length, first < 0 ? first + from.length : first));
        long last = call.list("ends", 2)[0];
        int end = (int) Math.min(from.length, last < 0 ? last + from.length : last);
        return call.has(4) ? Optional.empty() : vector(Arrays.copyOfRange(from, start, Math.max(start, end)));
    }

    private static Optional<List<Value>> binary(List<ConstantTensor> operands, LongBinaryOperator function) {
        long[] a = operands.get(0).longs();
        long[] b = operands.get(1).longs();
        long[] out = new long[Math.max(a.length, b.length)];
        for (int i = 0; i < out.length; i++) {
            out[i] = function.applyAsLong(a[a.length == 1 ? 0 : i], b[b.length == 1 ? 0 : i]);
        }
        boolean scalar =
                operands.get(0).shape().rank() == 0 && operands.get(1).shape().rank() == 0;
        return scalar ? scalar(out[0]) : vector(out);
    }
}
