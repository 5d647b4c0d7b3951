package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small data sets and their files, made for the tests. */
public final class DataSetFiles {
    private DataSetFiles() {}

    /** An IDX file of unsigned bytes. */
    public static byte[] idx(byte[] values, int... shape) {
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
        file.putInt(0x800 | shape.length);
        for (int extent : shape) {
            file.putInt(extent);
        }
        return file.put(values).array();
    }

    /** Image {@code i} is one pixel of value {@code i}, of the class {@code labels[i]}. */
    static LabelledImages labelled(List<String> names, int... labels) {
        return new LabelledImages() {
            @Override
            public int size() {
                return labels.length;
            }

            @Override
            public RgbImage pixels(int index) {
                return RgbImage.wrap(1, 1, new byte[] {(byte) index, (byte) index, (byte) index});
            }

            @Override
            public int label(int index) {
                return labels[index];
            }

            @Override
            public ClassNames classNames() {
                return new ClassNames(names);
            }
        };
    }

    public static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
