package io.acclimate.app.labels;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads a CSV with a line of column names: one row for an image, or several if several people labelled it. */
final class CsvReader implements LabelReader {
    private static final List<String> IDS = List.of("image_id", "imageid", "id", "key");
    private static final List<String> FILES =
            List.of("image", "filename", "file_name", "filepath", "file_path", "file", "path", "image_path");
    private static final List<String> LABELS = List.of("label", "class", "class_name", "category", "choice", "target");

    @Override
    public void read(Path file, Fields fields, Consumer<Marking> sink) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            CsvRows rows = new CsvRows(in);
            Optional<List<String>> header = rows.next();
            if (header.isEmpty()) {
                throw new InvalidLabelFileException("the file is empty");
            }
            List<String> columns = header.get().stream().map(String::strip).toList();
            // A file's name is preferred to a column id beside it, which numbers the rows in many exports.
            int image = fields.id().isPresent()
                    ? column(columns, fields.id().get(), "--id-field")
                    : first(columns, List.of("image_id", "imageid"), FILES, IDS)
                            .orElseThrow(() -> Fields.unclear("the image's id", "--id-field", columns));
            boolean isId =
                    fields.id().isPresent() || IDS.contains(columns.get(image).toLowerCase(Locale.ROOT));
            int label = fields.label().isPresent()
                    ? column(columns, fields.label().get(), "--label-field")
                    : first(columns, LABELS).orElseThrow(() -> Fields.unclear("the class", "--label-field", columns));
            for (Optional<List<String>> row = rows.next(); row.isPresent(); row = rows.next()) {
                if (row.get().size() != columns.size()) {
                    throw new InvalidLabelFileException("line " + rows.line() + " has "
                            + row.get().size() + " fields, and the first line has " + columns.size());
                }
                String text = row.get().get(label).strip();
                sink.accept(Marking.of(
                        new ImageReference(row.get().get(image).strip(), isId),
                        text.isEmpty() ? Set.of() : Set.of(named(text))));
            }
        } catch (CharacterCodingException e) {
            throw InvalidLabelFileException.notUtf8(e);
        }
    }

    private static ToolClass named(String text) {
        return text.chars().allMatch(each -> each >= '0' && each <= '9')
                ? ToolClass.digits(text)
                : ToolClass.named(text);
    }

    private static int column(List<String> columns, String name, String option) throws IOException {
        int index = columns.indexOf(name);
        if (index < 0) {
            throw new InvalidLabelFileException(
                    option + " names column " + name + ", and the columns are " + String.join(", ", columns));
        }
        return index;
    }

    @SafeVarargs
    private static Optional<Integer> first(List<String> columns, List<String>... wanted) {
        for (List<String> names : wanted) {
            for (int i = 0; i < columns.size(); i++) {
                if (names.contains(columns.get(i).toLowerCase(Locale.ROOT))) {
                    return Optional.of(i);
                }
            }
        }
        return Optional.empty();
    }
}
