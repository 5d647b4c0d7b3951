package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.dataset.Idx.Block;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The spoken words that the jar contains, as log-mel features {@code [24 bands, 40 frames] float32}. The README beside the data says how
 * they were made. They are sent as {@code application/x-tensor-f32}.
 */
public final class Speech implements LabelledRecords {
    private static final String FOLDER = "/io/acclimate/data/speech/";

    /** A stored byte is a number of steps of 1.5 decibels above -60. The network sees -2 to 2. */
    private static final float STEPS = 16;

    private static final float ZERO = -2;

    private final Block features;
    private final Block labels;
    private final ClassNames classNames;
    private final Shape row;

    private Speech(String name) {
        try (InputStream values = Bundled.open(FOLDER + name + "-features-idx3-ubyte.gz");
                InputStream classes = Bundled.open(FOLDER + name + "-labels-idx1-ubyte.gz");
                InputStream words = Bundled.open(FOLDER + "class-names.txt")) {
            this.features = Block.read(values, name + " features");
            this.labels = Block.read(classes, name + " labels");
            this.classNames = new ClassNames(Bundled.lines(words));
        } catch (IOException e) {
            throw new UncheckedIOException("the jar is broken: its data cannot be read", e);
        }
        List<Integer> shape = features.shape();
        this.row = Shape.of(shape.get(1), shape.get(2));
    }

    /** 3,000 recordings of the target domain: another voice, in noise. */
    public static LabelledRecords targetTest() {
        return new Speech("target");
    }

    /** 400 recordings of the source domain: one voice in a quiet room. The source model has not seen them. */
    public static LabelledRecords sourceReplay() {
        return new Speech("source");
    }

    @Override
    public int size() {
        return labels.bytes().size();
    }

    @Override
    public Payload payload(int index) {
        byte[] all = features.bytes().array();
        float[] values = new float[Math.toIntExact(row.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (all[index * values.length + i] & 0xff) / STEPS + ZERO;
        }
        return new Payload(Bytes.wrap(FloatTensor.wrap(row, values).toLittleEndian()), Optional.of(Payload.TENSOR_F32));
    }

    @Override
    public int label(int index) {
        return labels.bytes().array()[index];
    }

    @Override
    public ClassNames classNames() {
        return classNames;
    }
}
