package io.acclimate.app.labels;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The formats of label files. */
enum LabelFormat {
    LABEL_STUDIO,
    COCO,
    FIFTYONE,
    CSV;

    LabelReader reader() {
        return switch (this) {
            case LABEL_STUDIO -> new LabelStudioReader();
            case COCO -> new CocoReader();
            case FIFTYONE -> new FiftyOneReader();
            case CSV -> new CsvReader();
        };
    }

    /** Tells the format by the file's first character, and that of a JSON object by its members. */
    static LabelFormat of(Path file) throws IOException {
        int first = firstCharacter(file);
        if (first == '[') {
            return LABEL_STUDIO;
        }
        if (first != '{') {
            return CSV;
        }
        Set<String> members = JsonItems.names(file);
        if (members.contains("images") && members.contains("categories")) {
            return COCO;
        }
        if (members.contains("labels") || members.contains("samples")) {
            return FIFTYONE;
        }
        throw new InvalidLabelFileException(
                "a JSON object of labels has images, annotations and categories (COCO), or labels or"
                        + " samples (FiftyOne), got " + members + "; --format says which it is");
    }

    private static int firstCharacter(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int each = in.read();
            while (each == '\uFEFF' || Character.isWhitespace(each)) {
                each = in.read();
            }
            return each;
        } catch (CharacterCodingException e) {
            throw InvalidLabelFileException.notUtf8(e);
        }
    }
}
