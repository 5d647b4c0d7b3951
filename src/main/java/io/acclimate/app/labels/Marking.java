package io.acclimate.app.labels;

import java.util.Set;

/**
 * What a file says of one image. A file may mark an image more than once.
 *
 * @param classes none for an image that nobody labelled
 * @param skipped true when an annotator looked at the image and gave no answer on purpose
 */
record Marking(ImageReference image, Set<ToolClass> classes, boolean skipped) {
    Marking {
        classes = Set.copyOf(classes);
    }

    static Marking of(ImageReference image, Set<ToolClass> classes) {
        return new Marking(image, classes, false);
    }
}
