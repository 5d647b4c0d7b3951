package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A data set of texts or of tensors with a folder for each class. A file is one record: {@code .txt} in UTF-8, or {@code .f32} with the
 * values of one row as little-endian float32. Classes and files are in path order. A file is read each time that it is asked for.
 */
final class RecordFolder implements LabelledRecords {
    private final ClassFolders folders;
    private final String contentType;

    private RecordFolder(ClassFolders folders, String contentType) {
        this.folders = folders;
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
        return new RecordFolder(
                ClassFolders.list(folder, split, List.of(ending), "files " + ending + ", which hold one record each"),
                content == Content.TEXT ? Payload.TEXT + "; charset=utf-8" : Payload.TENSOR_F32);
    }

    @Override
    public int size() {
        return folders.files().size();
    }

    @Override
    public Payload payload(int index) {
        Path file = folders.files().get(index);
        try {
            return new Payload(Bytes.wrap(Files.readAllBytes(file)), Optional.of(contentType));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    @Override
    public int label(int index) {
        return folders.labels().get(index);
    }

    @Override
    public ClassNames classNames() {
        return folders.classNames();
    }

    @Override
    public String name(int index) {
        return folders.files().get(index).toString();
    }
}
