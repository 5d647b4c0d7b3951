package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.Tensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValueFactsTest {
    @Test
    void ofMoreThanAnArrayCanHoldThereIsNoShapeAndNoInitializer() {
        ValueFacts huge =
                new ValueFacts(ValueFacts.INT64, Optional.of(List.of(Dim.of(1L << 40))), Optional.of(List.of()));

        assertThat(huge.extents()).isEmpty();
        assertThat(huge.toProto("huge")).isEmpty();
        assertThat(huge.toConstant()).isEmpty();
    }

    @Test
    void integersAndTruthValuesKeepTheirTypeThroughAnInitializer() {
        for (int type : List.of(ValueFacts.INT64, ValueFacts.INT32, ValueFacts.BOOL)) {
            ValueFacts facts = ValueFacts.vector(List.of(Dim.of(1), Dim.of(0))).withType(type);

            TensorProto proto = facts.toProto("name").orElseThrow();

            assertThat(proto.getDataType()).isEqualTo(type);
            assertThat(proto.getName()).isEqualTo("name");
            assertThat(ValueFacts.of(proto)).isEqualTo(facts);
        }
    }

    @Test
    void ofAFloatTensorOnlyTheShapeIsKept() {
        TensorProto floats = Tensors.toProto("w", FloatTensor.wrap(Shape.of(2, 1), new float[] {1, 2}));

        ValueFacts facts = ValueFacts.of(floats);

        assertThat(facts).isEqualTo(ValueFacts.shaped(ValueFacts.FLOAT, List.of(Dim.of(2), Dim.of(1))));
    }

    @Test
    void anIntegerTensorOfMoreElementsThanShapeArithmeticHasKeepsItsShapeOnly() {
        long[] many = new long[ValueFacts.LARGEST + 1];
        ConstantTensor tensor = ConstantTensor.ofLongs(Shape.of(many.length), many);

        assertThat(ValueFacts.of(tensor).content()).isEmpty();
        assertThat(ValueFacts.of(Tensors.toProto("m", Shape.of(many.length), many))
                        .content())
                .isEmpty();
        assertThat(ValueFacts.of(tensor).shape()).hasValue(List.of(Dim.of(many.length)));
    }

    @Test
    void aConstantReadsBackAsItWas() {
        ConstantTensor tensor = ConstantTensor.ofLongs(Shape.of(1, 2), new long[] {4, -5});

        ConstantTensor again = ValueFacts.of(tensor).toConstant().orElseThrow();

        assertThat(again.shape()).isEqualTo(tensor.shape());
        assertThat(again.longs()).containsExactly(4, -5);
    }

    @Test
    void contentThatHoldsTheBatchIsNoConstant() {
        ValueFacts facts = ValueFacts.vector(List.of(Dim.BATCH, Dim.of(3)));

        assertThat(facts.numbers()).isEmpty();
        assertThat(facts.toConstant()).isEmpty();
        assertThat(facts.toProto("x")).isEmpty();
    }

    @Test
    void aShapeIsFullWithTheBatchButNotWithAnUnknownExtent() {
        assertThat(ValueFacts.shaped(1, List.of(Dim.BATCH, Dim.of(3))).hasFullShape())
                .isTrue();
        assertThat(ValueFacts.shaped(1, List.of(Dim.BATCH, Dim.UNKNOWN)).hasFullShape())
                .isFalse();
        assertThat(ValueFacts.NOTHING.hasFullShape()).isFalse();
        assertThat(ValueFacts.NOTHING.rank()).isEqualTo(-1);
    }
}
