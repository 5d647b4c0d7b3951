package io.acclimate.onnx.shape;

import io.acclimate.onnx.OperatorCase;
import io.acclimate.onnx.node.Attributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** One operator with what is known of its inputs, and what its facts then tell of its outputs. */
final class Told {
    static final Dim B = Dim.BATCH;
    static final Dim ANY = Dim.UNKNOWN;

    private final String type;
    private final Map<String, Object> attributes = new HashMap<>();
    private final List<ValueFacts> inputs = new ArrayList<>();
    private int opset = 17;
    private int outputs = 1;
    private boolean proving;

    private Told(String type) {
        this.type = type;
    }

    static Told of(String type) {
        return new Told(type);
    }

    /** A shape of numbers and {@link #B}, {@link #ANY} or other {@code Dim}s. */
    static List<Dim> shape(Object... extents) {
        return List.of(extents).stream()
                .map(each -> each instanceof Dim dim ? dim : Dim.of((Integer) each))
                .toList();
    }

    Told with(String attribute, Object value) {
        attributes.put(attribute, value);
        return this;
    }

    Told opset(int version) {
        opset = version;
        return this;
    }

    Told outputs(int count) {
        outputs = count;
        return this;
    }

    /** Rows of the batch must be proven to stay apart. */
    Told proving() {
        proving = true;
        return this;
    }

    /** A float32 input. */
    Told floats(Object... extents) {
        inputs.add(ValueFacts.shaped(ValueFacts.FLOAT, shape(extents)));
        return this;
    }

    /** A vector of known int64 numbers. */
    Told integers(long... values) {
        return content(LongStream.of(values).mapToObj(Dim::of).toArray());
    }

    /** A vector whose content may hold the batch or be unknown in part. */
    Told content(Object... values) {
        inputs.add(ValueFacts.vector(List.of(values).stream()
                .map(each -> each instanceof Dim dim ? dim : Dim.of((Integer) each))
                .toList()));
        return this;
    }

    Told number(long value) {
        inputs.add(ValueFacts.scalar(Dim.of(value)));
        return this;
    }

    /** Known int64 numbers of that shape, row by row. */
    Told table(List<Dim> shape, long... values) {
        inputs.add(new ValueFacts(
                ValueFacts.INT64,
                Optional.of(shape),
                Optional.of(LongStream.of(values).mapToObj(Dim::of).toList())));
        return this;
    }

    Told truths(long... values) {
        integers(values);
        inputs.set(inputs.size() - 1, inputs.get(inputs.size() - 1).withType(ValueFacts.BOOL));
        return this;
    }

    Told nothing() {
        inputs.add(ValueFacts.NOTHING);
        return this;
    }

    NodeFacts node() {
        Attributes given = OperatorCase.node(
                        type,
                        opset,
                        attributes,
                        IntStream.range(0, inputs.size()).mapToObj(i -> "x" + i).toList(),
                        List.of("y"))
                .attributes();
        return new NodeFacts(type, opset, given, inputs, outputs, proving);
    }

    List<ValueFacts> all() {
        return StandardOperators.facts(type).outputs(node());
    }

    ValueFacts first() {
        return all().get(0);
    }

    List<Dim> shape() {
        return first().shape().orElseThrow();
    }

    /** The known integers of the first output; empty where one is not known. */
    Optional<List<Long>> numbers() {
        return first().numbers().map(each -> LongStream.of(each).boxed().toList());
    }
}
