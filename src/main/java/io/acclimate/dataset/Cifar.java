package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the binary files of CIFAR-10 and CIFAR-100, whose records are label bytes and 32×32 pixels in red, green and blue planes. */
public final class Cifar {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;

    private Cifar() {}

    /** Split {@code train} is {@code data_batch_1.bin} to {@code 5}, {@code test} is {@code test_batch.bin}. */
    public static LabelledImages open10(Path folder, String split) throws IOException {
        List<String> files = new ArrayList<>();
        if (split.equals("train")) {
            for (int i = 1; i <= 5; i++) {
                files.add("data_batch_" + i + ".bin");
            }
        } else {
            files.add(split + "_batch.bin");
        }
        return read(folder, files, 1, "batches.meta.txt");
    }

    /** Reads a split with its fine labels. */
    public static LabelledImages open100(Path folder, String split) throws IOException {
        return read(folder, List.of(split + ".bin"), 2, "fine_label_names.txt");
    }

    private static LabelledImages read(Path folder, List<String> files, int labelBytes, String namesFile)
            throws IOException {
        int record = labelBytes + 3 * PLANE;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String file : files) {
            Path path = folder.resolve(file);
            if (!Files.isRegularFile(path)) {
                throw new DataSetException(path + " is missing");
            }
            if (Files.size(path) == 0 || Files.size(path) % record != 0) {
                throw new DataSetException(path + " has " + Files.size(path) + " bytes, no multiple of " + record);
            }
            // Files.readAllBytes reads into direct memory of the file's size, which stays with the thread for as long
            // as it lives.
            try (InputStream in = new FileInputStream(path.toFile())) {
                in.transferTo(all);
            }
        }
        byte[] packed = all.toByteArray();
        byte[] labels = new byte[packed.length / record];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = packed[i * record + labelBytes - 1];
        }
        return new PackedImages(
                labels,
                names(folder.resolve(namesFile), labelBytes == 1 ? 10 : 100),
                index -> unpack(packed, index * record + labelBytes));
    }

    private static RgbImage unpack(byte[] packed, int start) {
        byte[] rgb = new byte[3 * PLANE];
        for (int i = 0; i < PLANE; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = packed[start + c * PLANE + i];
            }
        }
        return RgbImage.wrap(SIDE, SIDE, rgb);
    }

    private static ClassNames names(Path file, int count) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(names::add);
            if (names.size() != count) {
                throw new DataSetException(file + " has " + names.size() + " class names, expected " + count);
            }
        }
        for (int i = names.size(); i < count; i++) {
            names.add(String.valueOf(i));
        }
        return new ClassNames(names);
    }
}
