package io.acclimate.train.operators;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that answer with numbers known before a step runs: a shape, a size, a filled tensor, a range. No gradient. */
final class ShapeConstants {
    private ShapeConstants() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Shape", ShapeConstants::shape);
        table.put("Size", ShapeConstants::size);
        table.put("ConstantOfShape", ShapeConstants::constantOfShape);
        table.put("Range", ShapeConstants::range);
    }

    static List<Value> shape(Call call) {
        long[] extents = call.array(0).getShape().getShape();
        int rank = extents.length;
        int start = within(call.attributes().integer("start", 0), rank);
        int end = Math.max(start, within(call.attributes().integer("end", rank), rank));
        return List.of(new Value.Fixed(
                ConstantTensor.ofLongs(Shape.of(end - start), Arrays.copyOfRange(extents, start, end))));
    }

    private static int within(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    static List<Value> size(Call call) {
        long size = call.array(0).getShape().size();
        return List.of(new Value.Fixed(ConstantTensor.ofLongs(Shape.of(), new long[] {size})));
    }

    static List<Value> constantOfShape(Call call) {
        long[] extents = call.constant(0).longs();
        ConstantTensor value = call.attributes()
                .tensor("value")
                .orElseGet(() -> ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(1), new float[1])));
        call.bounded(extents);
        Shape shape =
                new Shape(Arrays.stream(extents).mapToObj(Math::toIntExact).toList());
        if (value.integral()) {
            long[] filled = new long[(int) shape.elements()];
            Arrays.fill(filled, value.longs()[0]);
            return List.of(new Value.Fixed(ConstantTensor.ofLongs(shape, filled)));
        }
        float[] filled = new float[(int) shape.elements()];
        Arrays.fill(filled, value.floats()[0]);
        return List.of(new Value.Fixed(ConstantTensor.ofFloats(FloatTensor.wrap(shape, filled))));
    }

    static List<Value> range(Call call) {
        ConstantTensor start = call.constant(0);
        if (!start.integral()) {
            float from = start.floats()[0];
            float to = call.constant(1).floats()[0];
            float by = call.constant(2).floats()[0];
            call.bounded((long) Math.max(0, Math.ceil((to - from) / by)));
            return floatRange(from, to, by);
        }
        long step = call.constant(2).longs()[0];
        long limit = call.constant(1).longs()[0];
        call.bounded(step == 0 ? -1 : Math.max(0, Math.subtractExact(limit, start.longs()[0]) / step));
        long[] values = LongStream.iterate(start.longs()[0], at -> step > 0 ? at < limit : at > limit, at -> at + step)
                .toArray();
        return List.of(new Value.Fixed(ConstantTensor.ofLongs(Shape.of(values.length), values)));
    }

    private static List<Value> floatRange(float start, float limit, float step) {
        float[] values = new float[Math.max(0, (int) Math.ceil((limit - start) / step))];
        for (int i = 0; i < values.length; i++) {
            values[i] = start + i * step;
        }
        return List.of(new Value.Fixed(ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(values.length), values))));
    }
}
