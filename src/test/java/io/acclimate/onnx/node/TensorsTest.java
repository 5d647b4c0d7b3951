package io.acclimate.onnx.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorsTest {
    private static TensorProto.Builder proto(DataType type, long... dims) {
        TensorProto.Builder proto = TensorProto.newBuilder().setName("t").setDataType(type.getNumber());
        for (long dim : dims) {
            proto.addDims(dim);
        }
        return proto;
    }

    private static ByteString littleEndian(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return ByteString.copyFrom(bytes.array());
    }

    @Test
    void floatsReadBackBitForBit() {
        FloatTensor tensor = FloatTensor.wrap(Shape.of(2, 2), new float[] {1.5f, -0.0f, Float.NaN, Float.MIN_VALUE});

        assertThat(Tensors.toFloats(Tensors.toProto("t", tensor))).isEqualTo(tensor);
    }

    @Test
    void floatsMayBeListedInsteadOfRaw() {
        TensorProto listed =
                proto(DataType.FLOAT, 2).addFloatData(3).addFloatData(4).build();

        assertThat(Tensors.toFloats(listed)).isEqualTo(FloatTensor.wrap(Shape.of(2), new float[] {3, 4}));
    }

    @Test
    void integersAreReadFromEitherForm() {
        TensorProto listed = Tensors.toProto("t", Shape.of(2), 7, -8);
        TensorProto raw =
                proto(DataType.INT64, 2).setRawData(littleEndian(7, -8)).build();
        TensorProto narrow =
                proto(DataType.INT32, 2).addInt32Data(7).addInt32Data(-8).build();
        TensorProto truth = proto(DataType.BOOL, 2)
                .setRawData(ByteString.copyFrom(new byte[] {1, 0}))
                .build();

        assertThat(Tensors.toConstant(listed).orElseThrow().longs()).containsExactly(7, -8);
        assertThat(Tensors.toConstant(raw).orElseThrow().longs()).containsExactly(7, -8);
        assertThat(Tensors.toConstant(narrow).orElseThrow().longs()).containsExactly(7, -8);
        assertThat(Tensors.toConstant(truth).orElseThrow().longs()).containsExactly(1, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT16", "STRING", "UINT8", "INT16"})
    void otherTypesAreNoConstants(DataType type) {
        assertThat(Tensors.toConstant(proto(type, 0).build())).isEmpty();
        assertThatThrownBy(() -> Tensors.toFloats(proto(type, 0).build()))
                .hasMessageContaining("'t' must be float32")
                .hasMessageContaining(String.valueOf(type.getNumber()));
    }

    @Test
    void aTensorThatHoldsOtherThanItsShapeClaimsIsRefusedByName() {
        TensorProto few = proto(DataType.FLOAT, 3).addFloatData(1).build();
        TensorProto odd = proto(DataType.INT64, 2)
                .setRawData(ByteString.copyFrom(new byte[5]))
                .build();
        TensorProto strange = proto(DataType.UNDEFINED, 1).build();

        assertThatThrownBy(() -> Tensors.check(few)).hasMessageContaining("'t' of shape [3]");
        assertThatThrownBy(() -> Tensors.check(odd)).hasMessageContaining("does not hold 2 values");
        assertThatThrownBy(() -> Tensors.check(strange)).hasMessageContaining("number 0");
        assertThatThrownBy(() -> Tensors.toFloats(few)).hasMessageContaining("tensor 't'");
        assertThatThrownBy(() -> Tensors.toConstant(odd)).hasMessageContaining("does not hold 2 values");
    }

    @Test
    void aTensorOfEachWidthThatHoldsWhatItClaimsPasses() {
        assertThatCode(() -> {
                    Tensors.check(proto(DataType.INT8, 3)
                            .setRawData(ByteString.copyFrom(new byte[3]))
                            .build());
                    Tensors.check(proto(DataType.FLOAT16, 3)
                            .setRawData(ByteString.copyFrom(new byte[6]))
                            .build());
                    Tensors.check(proto(DataType.DOUBLE, 3)
                            .setRawData(ByteString.copyFrom(new byte[24]))
                            .build());
                    Tensors.check(proto(DataType.STRING, 1)
                            .addStringData(ByteString.copyFromUtf8("a"))
                            .build());
                    Tensors.check(proto(DataType.COMPLEX64, 1)
                            .addFloatData(1)
                            .addFloatData(2)
                            .build());
                })
                .doesNotThrowAnyException();
    }

    @Test
    void anExtentThatNoArrayHasIsRefused() {
        assertThatThrownBy(() -> Tensors.shape(proto(DataType.FLOAT, -1).build()))
                .hasMessageContaining("extent -1");
        assertThatThrownBy(() -> Tensors.shape(proto(DataType.FLOAT, 1L << 31).build()))
                .hasMessageContaining("extent 2147483648");
        assertThatThrownBy(() ->
                        Tensors.shape(proto(DataType.FLOAT, 1 << 20, 1 << 20).build()))
                .hasMessageContaining("too large");
    }
}
