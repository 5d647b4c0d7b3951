package io.acclimate.onnx.node;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.Arrays;

/** A tensor of a graph that is no weight: shapes, axes, bounds. Integers and booleans are held as longs, floats as floats. */
public final class ConstantTensor {
    private final Shape shape;
    private final long[] longs;
    private final float[] floats;
    private final boolean integral;

    private ConstantTensor(Shape shape, long[] longs, float[] floats, boolean integral) {
        this.shape = shape;
        this.longs = longs;
        this.floats = floats;
        this.integral = integral;
    }

    /** Takes ownership of {@code longs}. */
    public static ConstantTensor ofLongs(Shape shape, long[] longs) {
        return new ConstantTensor(shape, longs, new float[0], true);
    }

    public static ConstantTensor ofFloats(FloatTensor tensor) {
        return new ConstantTensor(tensor.shape(), new long[0], tensor.values(), false);
    }

    public Shape shape() {
        return shape;
    }

    public boolean integral() {
        return integral;
    }

    /** The values as longs; floats are truncated. */
    public long[] longs() {
        if (integral) {
            return longs.clone();
        }
        long[] out = new long[floats.length];
        Arrays.setAll(out, i -> (long) floats[i]);
        return out;
    }

    /** The values as floats. */
    public float[] floats() {
        if (!integral) {
            return floats.clone();
        }
        float[] out = new float[longs.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = longs[i];
        }
        return out;
    }

    @Override
    public String toString() {
        return (integral ? "int64" : "float32") + shape;
    }
}
