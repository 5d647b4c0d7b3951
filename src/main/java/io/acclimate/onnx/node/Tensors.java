package io.acclimate.onnx.node;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts {@code TensorProto} to our tensors and back. A proto that contradicts itself is an {@link IllegalArgumentException}. */
public final class Tensors {
    private Tensors() {}

    public static boolean isFloat(TensorProto proto) {
        return proto.getDataType() == DataType.FLOAT.getNumber();
    }

    public static Shape shape(TensorProto proto) {
        List<Integer> extents = new ArrayList<>();
        for (long dim : proto.getDimsList()) {
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("tensor '" + proto.getName() + "' has extent " + dim);
            }
            extents.add((int) dim);
        }
        Shape shape = new Shape(extents);
        try {
            Math.toIntExact(shape.elements());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "tensor '" + proto.getName() + "' of shape " + shape + " is too large", e);
        }
        return shape;
    }

    /** Refuses a tensor, of any type, that does not hold as much as its shape claims. */
    public static void check(TensorProto proto) {
        DataType type = DataType.forNumber(proto.getDataType());
        long elements = shape(proto).elements();
        int listed = proto.getFloatDataCount()
                + proto.getInt32DataCount()
                + proto.getInt64DataCount()
                + proto.getDoubleDataCount()
                + proto.getUint64DataCount()
                + proto.getStringDataCount();
        int width = type == null ? 0 : width(type);
        boolean raw = listed == 0 && type != DataType.STRING;
        // Complex numbers are listed by their parts, and a byte holds two 4-bit numbers.
        long parts = type == DataType.COMPLEX64 || type == DataType.COMPLEX128 ? 2 * elements : elements;
        if (width == 0 || (raw ? proto.getRawData().size() != elements * width : listed != parts)) {
            throw new IllegalArgumentException("tensor '" + proto.getName() + "' of shape " + shape(proto)
                    + " and type " + (width == 0 ? "number " + proto.getDataType() : type) + " does not hold "
                    + elements + " values");
        }
    }

    private static int width(DataType type) {
        return switch (type) {
            case BOOL, INT8, UINT8, STRING, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> 1;
            case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64, UINT64, COMPLEX64 -> 8;
            case COMPLEX128 -> 16;
            default -> 0;
        };
    }

    public static FloatTensor toFloats(TensorProto proto) {
        if (!isFloat(proto)) {
            throw new IllegalArgumentException(
                    "tensor '" + proto.getName() + "' must be float32, its type is " + proto.getDataType());
        }
        Shape shape = shape(proto);
        try {
            if (proto.getFloatDataCount() == 0) {
                return FloatTensor.fromLittleEndian(shape, proto.getRawData().asReadOnlyByteBuffer());
            }
            float[] values = new float[proto.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = proto.getFloatData(i);
            }
            return FloatTensor.wrap(shape, values);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tensor '" + proto.getName() + "': " + e.getMessage(), e);
        }
    }

    public static TensorProto toProto(String name, FloatTensor tensor) {
        return withoutValues(name, tensor)
                .setRawData(UnsafeByteOperations.unsafeWrap(tensor.toLittleEndian()))
                .build();
    }

    /** The bytes of what {@link #toProto(String, FloatTensor)} gives. */
    public static int protoSize(String name, FloatTensor tensor) {
        int values = Math.multiplyExact(tensor.values().length, Float.BYTES);
        return Math.addExact(
                withoutValues(name, tensor).build().getSerializedSize()
                        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
                        + CodedOutputStream.computeUInt32SizeNoTag(values),
                values);
    }

    private static TensorProto.Builder withoutValues(String name, FloatTensor tensor) {
        TensorProto.Builder proto = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber());
        tensor.shape().extents().forEach(extent -> proto.addDims(extent));
        return proto;
    }

    public static TensorProto toProto(String name, Shape shape, long... values) {
        TensorProto.Builder proto = TensorProto.newBuilder().setName(name).setDataType(DataType.INT64.getNumber());
        shape.extents().forEach(extent -> proto.addDims(extent));
        for (long value : values) {
            proto.addInt64Data(value);
        }
        return proto.build();
    }

    /** The tensor as a constant; empty for a type that no supported operator reads as one. */
    public static Optional<ConstantTensor> toConstant(TensorProto proto) {
        if (isFloat(proto)) {
            return Optional.of(ConstantTensor.ofFloats(toFloats(proto)));
        }
        DataType type = DataType.forNumber(proto.getDataType());
        if (type != DataType.INT64 && type != DataType.INT32 && type != DataType.BOOL) {
            return Optional.empty();
        }
        Shape shape = shape(proto);
        int count = (int) shape.elements();
        int width = type == DataType.INT64 ? 8 : type == DataType.INT32 ? 4 : 1;
        int listed = type == DataType.INT64 ? proto.getInt64DataCount() : proto.getInt32DataCount();
        ByteBuffer raw = ByteBuffer.wrap(proto.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        if (listed != count && raw.remaining() != (long) count * width) {
            throw new IllegalArgumentException(
                    "tensor '" + proto.getName() + "' of shape " + shape + " does not hold " + count + " values");
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            if (listed == count) {
                values[i] = type == DataType.INT64 ? proto.getInt64Data(i) : proto.getInt32Data(i);
            } else {
                values[i] = width == 8 ? raw.getLong() : width == 4 ? raw.getInt() : raw.get();
            }
        }
        return Optional.of(ConstantTensor.ofLongs(shape, values));
    }
}
