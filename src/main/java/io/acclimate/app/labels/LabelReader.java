package io.acclimate.app.labels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads one format of label files, element by element, so that a large file takes no memory but for what is kept of it. */
interface LabelReader {
    void read(Path file, Fields fields, Consumer<Marking> sink) throws IOException;
}
