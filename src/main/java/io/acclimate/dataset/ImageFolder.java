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
import java.util.List;
import java.util.Optional;

/**
 * A data set with a folder for each class. Classes and files are in path order. An image is read only when it is needed, so that a
 * set may be larger than memory.
 */
public final class ImageFolder implements LabelledImages {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp");

    private final ClassFolders folders;
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    private ImageFolder(ClassFolders folders) {
        this.folders = folders;
    }

    /** Opens the class folders in {@code folder/split}, or those in {@code folder} if there is no such split. */
    public static LabelledImages open(Path folder, String split) throws IOException {
        return new ImageFolder(ClassFolders.list(folder, split, ENDINGS, "images " + ENDINGS));
    }

    @Override
    public int size() {
        return folders.files().size();
    }

    @Override
    public RgbImage pixels(int index) {
        Path file = folders.files().get(index);
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
        return folders.labels().get(index);
    }

    @Override
    public ClassNames classNames() {
        return folders.classNames();
    }
}
