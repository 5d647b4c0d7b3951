package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
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
 * A data set with a folder for each class. Classes and files are in path order. An image is read only when it is needed, so that a
 * set may be larger than memory.
 */
public final class ImageFolder implements LabelledImages {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp");

    private final List<Path> files;
    private final List<Integer> labels;
    private final ClassNames classNames;
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    private ImageFolder(List<Path> files, List<Integer> labels, ClassNames classNames) {
        this.files = List.copyOf(files);
        this.labels = List.copyOf(labels);
        this.classNames = classNames;
    }

    /** Opens the class folders in {@code folder/split}, or those in {@code folder} if there is no such split. */
    public static LabelledImages open(Path folder, String split) throws IOException {
        Path root = Files.isDirectory(folder.resolve(split)) ? folder.resolve(split) : folder;
        if (!Files.isDirectory(root)) {
            throw new DataSetException(root + " is no folder");
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Path each : list(root, Files::isDirectory)) {
            for (Path file : list(each, ImageFolder::isImage)) {
                files.add(file);
                labels.add(names.size());
            }
            names.add(String.valueOf(each.getFileName()));
        }
        if (files.isEmpty()) {
            throw new DataSetException(root + " has no folder per class with images " + ENDINGS);
        }
        return new ImageFolder(files, labels, new ClassNames(names));
    }

    private static List<Path> list(Path folder, Predicate<Path> filter) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(filter).sorted().toList();
        }
    }

    private static boolean isImage(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public RgbImage pixels(int index) {
        Path file = files.get(index);
        Outcome<RgbImage> read;
        try {
            read = decoder.toPixels(new Payload(Bytes.wrap(Files.readAllBytes(file)), Optional.empty()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        if (read instanceof Outcome.Refused<RgbImage> refused) {
            throw new UncheckedIOException(
                    new DataSetException(file + ": " + refused.refusal().message()));
        }
        return ((Outcome.Ok<RgbImage>) read).value();
    }

    @Override
    public int label(int index) {
        return labels.get(index);
    }

    @Override
    public ClassNames classNames() {
        return classNames;
    }
}
