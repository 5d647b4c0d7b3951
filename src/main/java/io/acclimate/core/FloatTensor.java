package io.acclimate.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** A dense float32 tensor in row-major order. It holds the model's inputs, weights and scores. */
public final class FloatTensor implements ModelInput.Row {
    private final Shape shape;
    private final float[] values;

    private FloatTensor(Shape shape, float[] values) {
        if (shape.elements() != values.length) {
            throw new IllegalArgumentException(
                    "shape " + shape + " holds " + shape.elements() + " values, got " + values.length);
        }
        this.shape = shape;
        this.values = values;
    }

    /** Wraps {@code values}, which the caller must not change afterwards. */
    public static FloatTensor wrap(Shape shape, float[] values) {
        return new FloatTensor(shape, values);
    }

    public static FloatTensor copyOf(Shape shape, float[] values) {
        return new FloatTensor(shape, values.clone());
    }

    /** Little-endian float32 bytes, as {@code application/x-tensor-f32} and ONNX {@code raw_data} hold them. */
    public static FloatTensor fromLittleEndian(Shape shape, byte[] bytes) {
        return fromLittleEndian(shape, ByteBuffer.wrap(bytes));
    }

    /** Reads what remains of {@code bytes}, and leaves its position where it is. */
    public static FloatTensor fromLittleEndian(Shape shape, ByteBuffer bytes) {
        if (bytes.remaining() != shape.elements() * 4L) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.elements() * 4L + " bytes, got " + bytes.remaining());
        }
        float[] values = new float[bytes.remaining() / 4];
        bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new FloatTensor(shape, values);
    }

    /** Joins rows of one shape {@code [d1, …]} into a tensor {@code [rows, d1, …]}. */
    public static FloatTensor stack(List<? extends ModelInput.Row> rows) {
        Shape row = rows.get(0).shape();
        int size = Math.toIntExact(row.elements());
        float[] all = new float[Math.multiplyExact(size, rows.size())];
        float[] room = new float[size];
        for (int i = 0; i < rows.size(); i++) {
            ModelInput.Row each = rows.get(i);
            if (!each.shape().equals(row)) {
                throw new IllegalArgumentException("row " + i + " has shape " + each.shape() + ", row 0 has " + row);
            }
            System.arraycopy(each.values(room), 0, all, i * size, size);
        }
        return new FloatTensor(row.prepend(rows.size()), all);
    }

    /** Row {@code index} of {@code [rows, d1, …]} as a tensor {@code [d1, …]}. */
    public FloatTensor row(int index) {
        Shape row = shape.tail();
        int size = Math.toIntExact(row.elements());
        return new FloatTensor(row, Arrays.copyOfRange(values, index * size, (index + 1) * size));
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public float[] values(float[] room) {
        return values;
    }

    /** The values themselves. They are shared and must not be written to. */
    public float[] values() {
        return values;
    }

    public byte[] toLittleEndian() {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** Compares bits: NaN equals NaN, and 0.0 differs from -0.0, because equal weights must have equal digests. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FloatTensor that && shape.equals(that.shape) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "float32" + shape;
    }
}
