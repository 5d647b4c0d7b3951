package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The files of a data set with a folder for each class. Classes and files are in path order; a class without files keeps its index.
 *
 * @param labels the class index of each file
 */
record ClassFolders(List<Path> files, List<Integer> labels, ClassNames classNames) {
    ClassFolders {
        files = List.copyOf(files);
        labels = List.copyOf(labels);
    }

    /**
     * Lists the class folders in {@code folder/split}, or those in {@code folder} if there is no such split.
     *
     * @param endings those of the files that count, in lower case
     * @param what they are, for the message when there are none
     */
    static ClassFolders list(Path folder, String split, List<String> endings, String what) throws IOException {
        Path root = Files.isDirectory(folder.resolve(split)) ? folder.resolve(split) : folder;
        if (!Files.isDirectory(root)) {
            throw new DataSetException(root + " is no folder");
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Path each : list(root, Files::isDirectory)) {
            for (Path file : list(each, path -> endsWith(path, endings))) {
                files.add(file);
                labels.add(names.size());
            }
            names.add(String.valueOf(each.getFileName()));
        }
        if (files.isEmpty()) {
            throw new DataSetException(root + " has no folder per class with " + what);
        }
        return new ClassFolders(files, labels, new ClassNames(names));
    }

    private static List<Path> list(Path folder, Predicate<Path> filter) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(filter).sorted().toList();
        }
    }

    private static boolean endsWith(Path file, List<String> endings) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(name::endsWith);
    }
}
