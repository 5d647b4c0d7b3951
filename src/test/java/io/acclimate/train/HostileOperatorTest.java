package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.OperatorCase;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.train.operators.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every operator with one damaged attribute, constant or shape. Native code has read outside its arrays for such, which ends the
 * process: so a run of this test that does not come back is its failure.
 */
@Tag("slow")
class HostileOperatorTest {
    private static final int VARIANTS = 12;
    private static final long[] INTEGERS = {
        0, -1, 1, 2, 3, 7, -5, 1000, 100_000, Integer.MAX_VALUE, 1L << 31, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE
    };
    private static final float[] NUMBERS = {0, -1, Float.NaN, Float.POSITIVE_INFINITY, 1e30f, -1e30f, 1000};

    @Test
    void damagedOperatorsAreRefusedOrComputedAndTheProcessLives() {
        int refused = 0;
        int computed = 0;
        List<OperatorSample> samples =
                Stream.concat(OperatorSamples.all(), OperatorForms.all()).toList();
        for (int i = 0; i < samples.size(); i++) {
            for (int variant = 0; variant < VARIANTS; variant++) {
                OperatorSample damaged = damaged(samples.get(i), new Random(1000L * i + variant));
                try {
                    run(damaged);
                    computed++;
                } catch (RuntimeException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(samples.size());
        assertThat(computed).isGreaterThan(samples.size());
    }

    @Test
    void aStrideThatNativeCodeCannotTakeIsRefusedByName() {
        OperatorSample conv = OperatorSample.on(
                "Conv",
                Map.of("strides", OperatorSample.longs(Integer.MAX_VALUE, 1)),
                new Shape(1, 2, 3, 3),
                new Shape(1, 2, 2, 2));

        assertThatThrownBy(() -> run(conv))
                .hasMessageContaining("Conv 'Conv_0'")
                .hasMessageContaining("stride");
    }

    @Test
    void anOperatorThatItsSettingsOrOperandsMakeFailIsNamed() {
        OperatorSample axis = OperatorSample.on("ReduceSum", new Shape(2, 3), new long[] {9});
        OperatorSample shapes = OperatorSample.on("MatMul", new Shape(2, 3), new Shape(2, 3));

        assertThatThrownBy(() -> run(axis))
                .hasMessageContaining("ReduceSum 'ReduceSum_0' (opset 17): cannot be computed: axis 9");
        assertThatThrownBy(() -> run(shapes))
                .hasMessageContaining("MatMul 'MatMul_0' (opset 17): cannot be computed: ");
    }

    @Test
    void anEndlessRangeAndAnArrayOfTerabytesAreRefusedByName() {
        OperatorSample endless = OperatorSample.on("Range", new long[] {0}, new long[] {5}, new long[] {0});
        OperatorSample large = OperatorSample.on("ConstantOfShape", new long[] {1 << 20, 1 << 20});

        assertThatThrownBy(() -> run(endless)).hasMessageContaining("Range 'Range_0'");
        assertThatThrownBy(() -> run(large)).hasMessageContaining("ConstantOfShape 'ConstantOfShape_0'");
    }

    /** Forwards, and backwards where there is a gradient. */
    private static void run(OperatorSample sample) {
        TorchEngine.GRADIENTS.lock();
        try (NDManager step = TorchEngine.newManager();
                GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
            Map<String, Value> values = new HashMap<>();
            List<String> inputs = new ArrayList<>();
            for (Object each : sample.inputs()) {
                String name = each.equals(OperatorSample.ABSENT) ? "" : "x" + inputs.size();
                inputs.add(name);
                if (!name.isEmpty()) {
                    values.put(name, value(step, each));
                }
            }
            List<String> outputs =
                    IntStream.range(0, sample.outputs()).mapToObj(i -> "y" + i).toList();
            TrainableGraph.walk(
                    List.of(OperatorCase.node(sample.type(), sample.opset(), sample.attributes(), inputs, outputs)),
                    values,
                    step);
            if (values.get("y0") instanceof Value.Dense dense && dense.array().getDataType() == DataType.FLOAT32) {
                collector.backward(dense.array().sum());
            }
        } finally {
            TorchEngine.GRADIENTS.unlock();
        }
    }

    private static Value value(NDManager step, Object input) {
        if (input instanceof Shape || input instanceof OperatorSample.Leaf) {
            NDArray leaf = step.ones(input instanceof OperatorSample.Leaf each ? each.shape() : (Shape) input);
            leaf.setRequiresGradient(true);
            return new Value.Dense(leaf);
        }
        if (input instanceof long[] longs) {
            return new Value.Fixed(ConstantTensor.ofLongs(io.acclimate.core.Shape.of(longs.length), longs));
        }
        if (input instanceof float[] floats) {
            return new Value.Fixed(
                    ConstantTensor.ofFloats(FloatTensor.wrap(io.acclimate.core.Shape.of(floats.length), floats)));
        }
        return new Value.Fixed((ConstantTensor) input);
    }

    private static OperatorSample damaged(OperatorSample sample, Random random) {
        Map<String, Object> attributes = new TreeMap<>(sample.attributes());
        List<Object> inputs = new ArrayList<>(sample.inputs());
        int at = random.nextInt(attributes.size() + inputs.size() + 1);
        if (at < attributes.size()) {
            String name = List.copyOf(attributes.keySet()).get(at);
            attributes.computeIfPresent(name, (key, value) -> damaged(value, random));
        } else if (at < attributes.size() + inputs.size()) {
            inputs.set(at - attributes.size(), damaged(inputs.get(at - attributes.size()), random));
        } else {
            inputs.remove(inputs.size() - 1);
        }
        return new OperatorSample(sample.type(), sample.opset(), attributes, inputs, sample.outputs());
    }

    private static Object damaged(Object value, Random random) {
        if (value instanceof Long) {
            return INTEGERS[random.nextInt(INTEGERS.length)];
        }
        if (value instanceof Float) {
            return NUMBERS[random.nextInt(NUMBERS.length)];
        }
        if (value instanceof long[] longs) {
            return damaged(longs, random);
        }
        if (value instanceof float[] floats) {
            float[] out = floats.clone();
            out[random.nextInt(out.length)] = NUMBERS[random.nextInt(NUMBERS.length)];
            return out;
        }
        if (value instanceof Shape shape) {
            long[] extents = damaged(shape.getShape(), random);
            return new Shape(
                    Arrays.stream(extents).map(each -> Math.floorMod(each, 5)).toArray());
        }
        return value.equals(OperatorSample.ABSENT) ? new Shape(2) : value instanceof String ? "unheard of" : value;
    }

    /** One value longer, one shorter, or one value another. */
    private static long[] damaged(long[] values, Random random) {
        int kind = random.nextInt(4);
        long[] out = Arrays.copyOf(values, Math.max(0, values.length + (kind == 0 ? 1 : kind == 1 ? -1 : 0)));
        if (out.length > 0) {
            out[kind == 0 ? out.length - 1 : random.nextInt(out.length)] = INTEGERS[random.nextInt(INTEGERS.length)];
        }
        return out;
    }
}
