package io.acclimate.dataset;

import io.acclimate.core.ModelInput.Content;
import java.io.IOException;
import java.nio.file.Path;

/** Opens data sets by the names that the command line accepts. */
public final class DataSets {
    public static final String FORMS = "bundled, idx:DIR, cifar10:DIR, cifar100:DIR or folder:DIR";

    private static final String FOLDER = "folder:";

    private DataSets() {}

    /** {@code bundled} has the splits {@code test} (target images) and {@code train} (the source replay set). */
    public static LabelledImages open(String name, String split) throws IOException {
        if (name.equals("bundled")) {
            return switch (split) {
                case "test" -> Bundled.targetTest();
                case "train" -> Bundled.sourceReplay();
                default -> throw new DataSetException("bundled has the splits test and train, not '" + split + "'");
            };
        }
        int colon = name.indexOf(':');
        String kind = colon < 0 ? name : name.substring(0, colon);
        Path folder = Path.of(name.substring(colon + 1));
        return switch (kind) {
            case "idx" -> Idx.open(folder, split);
            case "cifar10" -> Cifar.open10(folder, split);
            case "cifar100" -> Cifar.open100(folder, split);
            case "folder" -> ImageFolder.open(folder, split);
            default -> throw new DataSetException("a data set is " + FORMS + ", got '" + name + "'");
        };
    }

    /**
     * Opens a data set to be sent as a stream. The images of a folder for each class lie sorted by class, as those of no camera come, so
     * the seed gives them another order. A file of images keeps its own.
     */
    public static LabelledImages openStream(String name, String split, long seed) throws IOException {
        LabelledImages images = open(name, split);
        return name.startsWith(FOLDER) ? images.shuffled(seed) : images;
    }

    /** Opens a data set of texts or tensors, which is {@code folder:DIR}. */
    public static LabelledRecords openRecords(String name, String split, Content content) throws IOException {
        if (!name.startsWith(FOLDER)) {
            throw new DataSetException(
                    "a data set for a model whose content is " + content + " is folder:DIR, got '" + name + "'");
        }
        return RecordFolder.open(Path.of(name.substring(FOLDER.length())), split, content);
    }
}
