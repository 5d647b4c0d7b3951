package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads the IDX files of the MNIST family, gzipped or not: grey {@code [n, height, width]} or colour
 * {@code [n, height, width, 3]} bytes, and {@code [n]} labels. Grey images get three equal channels. Grey images of 28×28 pixels are
 * centred on 32×32 black, the input size of the classic models of this family.
 */
public final class Idx {
    private static final int PADDED = 32;

    private Idx() {}

    /**
     * Reads the files {@code PREFIX-images-idx*-ubyte[.gz]} and {@code PREFIX-labels-idx1-ubyte[.gz]} of a folder. The prefix is the
     * split's name; for the split {@code test} it may also be {@code t10k}. Class names are the lines of {@code class-names.txt} if
     * this file exists, and numbers otherwise.
     */
    public static LabelledImages open(Path folder, String split) throws IOException {
        List<String> prefixes = split.equals("test") ? List.of("test", "t10k") : List.of(split);
        Path images = find(folder, prefixes, "-images-idx");
        Path labels = find(folder, prefixes, "-labels-idx");
        Path names = folder.resolve("class-names.txt");
        try (InputStream pixels = Files.newInputStream(images);
                InputStream classes = Files.newInputStream(labels)) {
            return read(
                    pixels,
                    images.toString(),
                    classes,
                    labels.toString(),
                    Files.exists(names) ? Files.readAllLines(names) : List.of());
        }
    }

    static LabelledImages read(
            InputStream images, String imagesName, InputStream labels, String labelsName, List<String> names)
            throws IOException {
        Block pixels = Block.read(images, imagesName);
        Block classes = Block.read(labels, labelsName);
        List<Integer> shape = pixels.shape();
        if ((shape.size() != 3 && !(shape.size() == 4 && shape.get(3) == 3))
                || classes.shape().size() != 1) {
            throw new DataSetException(imagesName + " has shape " + shape + " and " + labelsName + " " + classes.shape()
                    + "; [n, height, width] or [n, height, width, 3], and [n], are read");
        }
        if (!shape.get(0).equals(classes.shape().get(0))) {
            throw new DataSetException(imagesName + " has " + shape.get(0) + " images, " + labelsName + " "
                    + classes.shape().get(0) + " labels");
        }
        int height = shape.get(1);
        int width = shape.get(2);
        boolean grey = shape.size() == 3;
        byte[] packed = pixels.bytes().array();
        return new PackedImages(
                classes.bytes().array(),
                names.isEmpty() ? numbered(classes.bytes().array()) : new ClassNames(names),
                index -> grey ? grey(packed, index, width, height) : colour(packed, index, width, height));
    }

    private static RgbImage grey(byte[] packed, int index, int width, int height) {
        boolean padded = width == 28 && height == 28;
        int outWidth = padded ? PADDED : width;
        int outHeight = padded ? PADDED : height;
        int margin = padded ? (PADDED - 28) / 2 : 0;
        byte[] rgb = new byte[outWidth * outHeight * 3];
        int from = index * width * height;
        for (int y = 0; y < height; y++) {
            int to = ((y + margin) * outWidth + margin) * 3;
            for (int x = 0; x < width; x++, from++) {
                rgb[to++] = packed[from];
                rgb[to++] = packed[from];
                rgb[to++] = packed[from];
            }
        }
        return RgbImage.wrap(outWidth, outHeight, rgb);
    }

    private static RgbImage colour(byte[] packed, int index, int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        System.arraycopy(packed, index * rgb.length, rgb, 0, rgb.length);
        return RgbImage.wrap(width, height, rgb);
    }

    private static ClassNames numbered(byte[] labels) {
        int most = 0;
        for (byte label : labels) {
            most = Math.max(most, label & 0xff);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= most; i++) {
            names.add(String.valueOf(i));
        }
        return new ClassNames(names);
    }

    private static Path find(Path folder, List<String> prefixes, String middle) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DataSetException(folder + " is no folder");
        }
        for (String prefix : prefixes) {
            try (var files = Files.list(folder)) {
                var found = files.filter(file -> file.getFileName().toString().startsWith(prefix + middle))
                        .sorted()
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new DataSetException(
                folder + " has no file " + prefixes.get(prefixes.size() - 1) + middle + "*-ubyte[.gz]");
    }

    /** An IDX file of unsigned bytes: its shape and its values. */
    record Block(List<Integer> shape, Bytes bytes) {
        static Block read(InputStream raw, String name) throws IOException {
            BufferedInputStream buffered = new BufferedInputStream(raw);
            buffered.mark(2);
            boolean gzipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            byte[] file = (gzipped ? new GZIPInputStream(buffered, 1 << 16) : buffered).readAllBytes();
            if (file.length < 8 || file[0] != 0 || file[1] != 0 || file[2] != 8 || file[3] < 1 || file[3] > 4) {
                throw new DataSetException(name + " is no IDX file of unsigned bytes");
            }
            int header = 4 + 4 * file[3];
            ByteBuffer numbers = ByteBuffer.wrap(file, 4, Math.min(file.length, header) - 4);
            List<Integer> shape = new ArrayList<>();
            long elements = 1;
            while (numbers.remaining() >= 4) {
                int extent = numbers.getInt();
                shape.add(extent);
                if (extent < 1 || elements > Integer.MAX_VALUE / extent) {
                    throw new DataSetException(name + " claims the shape " + shape);
                }
                elements *= extent;
            }
            if (file.length != header + elements) {
                throw new DataSetException(
                        name + " has " + file.length + " bytes, shape " + shape + " needs " + (header + elements));
            }
            return new Block(shape, Bytes.wrap(Arrays.copyOfRange(file, header, file.length)));
        }
    }
}
