package io.acclimate.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The part of Fashion-MNIST that the jar contains. The README beside the data describes it. */
public final class Bundled {
    private static final String FOLDER = "/io/acclimate/data/";

    private Bundled() {}

    /** 10,000 images that pretraining never saw, before any shift. */
    public static LabelledImages targetTest() {
        return read("target");
    }

    /** 1,000 training images of the source domain, 100 of each class. */
    public static LabelledImages sourceReplay() {
        return read("source");
    }

    private static LabelledImages read(String name) {
        String images = FOLDER + name + "-images-idx3-ubyte.gz";
        String labels = FOLDER + name + "-labels-idx1-ubyte.gz";
        try (InputStream pixels = open(images);
                InputStream classes = open(labels);
                InputStream names = open(FOLDER + "class-names.txt")) {
            return Idx.read(pixels, images, classes, labels, lines(names));
        } catch (IOException e) {
            throw new UncheckedIOException("the jar is broken: its data cannot be read", e);
        }
    }

    static List<String> lines(InputStream text) throws IOException {
        return new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }

    static InputStream open(String name) throws IOException {
        InputStream found = Bundled.class.getResourceAsStream(name);
        if (found == null) {
            throw new FileNotFoundException(name);
        }
        return found;
    }
}
