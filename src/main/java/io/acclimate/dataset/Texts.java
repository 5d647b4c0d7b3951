package io.acclimate.dataset;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The requests to a shop that the jar contains, one a line: the class, a tab, the text. The README beside the data says how they were
 * made. They are sent as {@code text/plain}.
 */
public final class Texts implements LabelledRecords {
    private static final String FOLDER = "/io/acclimate/data/text/";

    private final List<String> lines;
    private final ClassNames classNames;

    private Texts(String name) {
        try (InputStream packed = Bundled.open(FOLDER + name + ".tsv.gz");
                InputStream names = Bundled.open(FOLDER + "class-names.txt")) {
            this.lines = Bundled.lines(new GZIPInputStream(packed));
            this.classNames = new ClassNames(Bundled.lines(names));
        } catch (IOException e) {
            throw new UncheckedIOException("the jar is broken: its data cannot be read", e);
        }
    }

    /** 6,000 texts of the target domain: what people type into a chat. */
    public static LabelledRecords targetTest() {
        return new Texts("target");
    }

    /** 500 texts of the source domain: formal letters. The source model has not seen them. */
    public static LabelledRecords sourceReplay() {
        return new Texts("source");
    }

    @Override
    public int size() {
        return lines.size();
    }

    @Override
    public Payload payload(int index) {
        String line = lines.get(index);
        return new Payload(Bytes.utf8(line.substring(line.indexOf('\t') + 1)), Optional.of(Payload.TEXT));
    }

    @Override
    public int label(int index) {
        String line = lines.get(index);
        return classNames.names().indexOf(line.substring(0, line.indexOf('\t')));
    }

    @Override
    public ClassNames classNames() {
        return classNames;
    }
}
