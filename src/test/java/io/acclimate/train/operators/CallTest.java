package io.acclimate.train.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.OperatorCase;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTest {
    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void free() {
        manager.close();
    }

    private static Value.Fixed vector(long... values) {
        return new Value.Fixed(ConstantTensor.ofLongs(io.acclimate.core.Shape.of(values.length), values));
    }

    private Call call(String type, Map<String, Object> attributes, Value... operands) {
        Map<String, Value> values = new HashMap<>();
        List<String> names = new java.util.ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            names.add("x" + i);
            values.put("x" + i, operands[i]);
        }
        return new Call(OperatorCase.node(type, 17, attributes, names, List.of("y")), values, manager);
    }

    private Value dense(float... values) {
        return new Value.Dense(manager.create(values, new Shape(values.length)));
    }

    private static Optional<long[]> folded(Call call) {
        return call.folded()
                .map(outputs -> ((Value.Fixed) outputs.get(0)).tensor().longs());
    }

    @Test
    void knownIntegersAreFoldedWithoutAnArray() {
        assertThat(folded(call("Add", Map.of(), vector(1, 2), vector(3)))).hasValue(new long[] {4, 5});
        assertThat(folded(call("Gather", Map.of(), vector(7, 8), vector(-1)))).hasValue(new long[] {8});
    }

    @Test
    void anArrayAFloatOrATableIsLeftToTheOperator() {
        Value floats =
                new Value.Fixed(ConstantTensor.ofFloats(FloatTensor.wrap(io.acclimate.core.Shape.of(1), new float[1])));
        Value table = new Value.Fixed(ConstantTensor.ofLongs(io.acclimate.core.Shape.of(1, 2), new long[2]));

        assertThat(folded(call("Add", Map.of(), vector(1), dense(2)))).isEmpty();
        assertThat(folded(call("Add", Map.of(), vector(1), floats))).isEmpty();
        assertThat(folded(call("Add", Map.of(), vector(1), table))).isEmpty();
        assertThat(folded(call("Relu", Map.of(), vector(1)))).isEmpty();
    }

    @Test
    void aMissingInputIsNamed() {
        Call call = call("Add", Map.of(), vector(1));

        assertThat(call.has(1)).isFalse();
        assertThatThrownBy(() -> call.array(1))
                .isInstanceOf(UnsupportedNodeException.class)
                .hasMessage("operator Add 'Add_0' (opset 17): input 1 is missing");
    }

    @Test
    void aListComesFromTheAttributeTheInputOrTheCaller() {
        assertThat(call("Squeeze", Map.of("axes", new long[] {3}), vector(1)).list("axes", 1))
                .containsExactly(3);
        assertThat(call("Squeeze", Map.of(), vector(1), vector(2)).list("axes", 1))
                .containsExactly(2);
        assertThat(call("Squeeze", Map.of(), vector(1)).list("axes", 1, 9)).containsExactly(9);
    }

    @Test
    void anArrayThatNoClassifierHasIsRefusedBeforeItIsMade() {
        Call call = call("Expand", Map.of());

        assertThat(call.bounded(1 << 14, 1 << 14)).containsExactly(1 << 14, 1 << 14);
        assertThatThrownBy(() -> call.bounded(1 << 14, 1 << 15)).hasMessageContaining("[16384, 32768]");
        assertThatThrownBy(() -> call.bounded(-1)).hasMessageContaining("[-1]");
        assertThatThrownBy(() -> call.bounded(Long.MAX_VALUE, 2)).hasMessageContaining("the bound is");
    }

    @Test
    void anAxisCountsFromTheEndWhereItIsNegative() {
        assertThat(Call.axis(-1, 3)).isEqualTo(2);
        assertThat(Call.axis(3, 3)).as("where a new axis may go").isEqualTo(3);
        assertThatThrownBy(() -> Call.axis(-4, 3)).hasMessage("axis -4 of an array of rank 3");
    }
}
