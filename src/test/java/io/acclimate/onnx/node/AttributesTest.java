package io.acclimate.onnx.node;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import com.google.protobuf.ByteString;
import io.acclimate.core.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttributesTest {
    private static final Attributes ATTRIBUTES = new Attributes(List.of(
            named("axis", AttributeType.INT).setI(-1).build(),
            named("alpha", AttributeType.FLOAT).setF(0.5f).build(),
            named("mode", AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8("linear"))
                    .build(),
            named("pads", AttributeType.INTS).addInts(1).addInts(2).build(),
            named("scales", AttributeType.FLOATS).addFloats(1).addFloats(2.5f).build(),
            named("activations", AttributeType.STRINGS)
                    .addStrings(ByteString.copyFromUtf8("Tanh"))
                    .build(),
            named("value", AttributeType.TENSOR)
                    .setT(Tensors.toProto("", Shape.of(2), 3, 4))
                    .build()));

    private static AttributeProto.Builder named(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    @Test
    void eachTypeIsReadByName() {
        assertThat(ATTRIBUTES.integer("axis", 7)).isEqualTo(-1);
        assertThat(ATTRIBUTES.real("alpha", 7)).isEqualTo(0.5f);
        assertThat(ATTRIBUTES.text("mode", "nearest")).isEqualTo("linear");
        assertThat(ATTRIBUTES.integers("pads")).containsExactly(1, 2);
        assertThat(ATTRIBUTES.reals("scales")).containsExactly(1, 2.5f);
        assertThat(ATTRIBUTES.texts("activations")).containsExactly("Tanh");
        assertThat(ATTRIBUTES.elementType("value")).isEqualTo(7);
        assertThat(ATTRIBUTES.has("axis")).isTrue();
    }

    @Test
    void anAbsentAttributeHasTheValueThatTheCallerNames() {
        assertThat(ATTRIBUTES.integer("none", 7)).isEqualTo(7);
        assertThat(ATTRIBUTES.real("none", 7)).isEqualTo(7);
        assertThat(ATTRIBUTES.text("none", "nearest")).isEqualTo("nearest");
        assertThat(ATTRIBUTES.integers("none", 5, 6)).containsExactly(5, 6);
        assertThat(ATTRIBUTES.reals("none")).isEmpty();
        assertThat(ATTRIBUTES.texts("none")).isEmpty();
        assertThat(ATTRIBUTES.tensor("none")).isEmpty();
        assertThat(ATTRIBUTES.elementType("none")).isZero();
        assertThat(ATTRIBUTES.has("none")).isFalse();
    }

    @Test
    void numbersAndListsReadAsTensorsToo() {
        assertThat(ATTRIBUTES.tensor("value").orElseThrow().longs()).containsExactly(3, 4);
        assertThat(ATTRIBUTES.tensor("axis").orElseThrow().shape()).isEqualTo(Shape.of());
        assertThat(ATTRIBUTES.tensor("pads").orElseThrow().shape()).isEqualTo(Shape.of(2));
        assertThat(ATTRIBUTES.tensor("alpha").orElseThrow().floats()).containsExactly(0.5f);
        assertThat(ATTRIBUTES.tensor("scales").orElseThrow().integral()).isFalse();
        assertThat(ATTRIBUTES.tensor("mode")).isEmpty();
    }

    @Test
    void namesAreInOrder() {
        assertThat(ATTRIBUTES.names())
                .containsExactly("activations", "alpha", "axis", "mode", "pads", "scales", "value");
    }
}
