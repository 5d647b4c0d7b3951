package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A data set of texts or of tensors with a folder for each class. A file is one record: {@code .txt} in UTF-8, or {@code .f32} with the
 * values of one row as little-endian float32. Classes and files are in path order. A file is read each time that it is asked for.
 */
final class RecordFolder implements LabelledRecords {
    private final List<Path> files;
    private final List<Integer> labels;
    private final ClassNames classNames;
    private final String contentType;

    private RecordFolder(List<Path> files, List<Integer> labels, ClassNames classNames, String contentType) {
        this.files = List.copyOf(files);
        this.labels = List.copyOf(labels);
        this.classNames = classNames;
        this.contentType = contentType;
    }

    /**
     * Opens the class folders in {@code folder/split}, or those in {@code folder} if there is no such split.
     *
     * @param content TEXT or TENSOR
     */
    static LabelledRecords open(Path folder, String split, Content content) throws IOException {
        if (content == Content.IMAGE) {
            throw new IllegalArgumentException("a folder of images is opened as ImageFolder");
        }
        String ending = content == Content.TEXT ? ".txt" : ".f32";
        Path root = Files.isDirectory(folder.resolve(split)) ? folder.resolve(split) : folder;
        if (!Files.isDirectory(root)) {
            throw new DataSetException(root + " is no folder");
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Path each : list(root, Files::isDirectory)) {
            for (Path file : list(each, name -> ends(name, ending))) {
                files.add(file);
                labels.add(names.size());
            }
            names.add(String.valueOf(each.getFileName()));
        }
        if (files.isEmpty()) {
            throw new DataSetException(
                    root + " has no folder per class with files " + ending + ", which hold one record each");
        }
        return new RecordFolder(
                files,
                labels,
                new ClassNames(names),
                content == Content.TEXT ? Payload.TEXT + "; charset=utf-8" : Payload.TENSOR_F32);
    }

    private static List<Path> list(Path folder, Predicate<Path> filter) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(filter).sorted().toList();
        }
    }

    private static boolean ends(Path file, String ending) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(ending);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public Payload payload(int index) {
        Path file = files.get(index);
        try {
            return new Payload(Bytes.wrap(Files.readAllBytes(file)), Optional.of(contentType));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    @Override
    public int label(int index) {
        return labels.get(index);
    }

    @Override
    public ClassNames classNames() {
        return classNames;
    }

    @Override
    public String name(int index) {
        return files.get(index).toString();
    }
}
