package io.acclimate.app.labels;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Walks a large JSON file and holds one of its elements at a time. */
final class JsonItems {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonItems() {}

    /** Takes an element of an array, or a member of an object. */
    interface Sink {
        void item(String name, JsonNode node) throws IOException;
    }

    /** The names of the members of the object that the file is. */
    static Set<String> names(Path file) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        walk(file, parser -> {
            expect(parser, JsonToken.START_OBJECT, "an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        });
        return names;
    }

    /** Gives the elements of the array that the file is. */
    static void elements(Path file, Sink sink) throws IOException {
        walk(file, parser -> {
            expect(parser, JsonToken.START_ARRAY, "an array");
            children(parser, sink);
        });
    }

    /** Gives the children of those members of the file's object that have a sink; a member without children is given whole. */
    static void members(Path file, Map<String, Sink> sinks) throws IOException {
        walk(file, parser -> {
            expect(parser, JsonToken.START_OBJECT, "an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Sink sink = sinks.get(parser.currentName());
                parser.nextToken();
                if (sink == null) {
                    parser.skipChildren();
                } else {
                    children(parser, sink);
                }
            }
        });
    }

    private static void children(JsonParser parser, Sink sink) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                sink.item("", JSON.readTree(parser));
            }
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                sink.item(name, JSON.readTree(parser));
            }
        }
    }

    private static void expect(JsonParser parser, JsonToken token, String words) throws IOException {
        if (parser.nextToken() != token) {
            throw new InvalidLabelFileException("the file must be " + words + " in JSON, and begins with "
                    + (parser.currentToken() == null ? "nothing" : parser.getText()));
        }
    }

    private interface Walk {
        void over(JsonParser parser) throws IOException;
    }

    private static void walk(Path file, Walk walk) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            in.mark(1);
            if (in.read() != '\uFEFF') {
                in.reset();
            }
            try (JsonParser parser = JSON.getFactory().createParser(in)) {
                walk.over(parser);
            }
        } catch (JsonProcessingException e) {
            throw new InvalidLabelFileException("the file is no JSON: " + e.getOriginalMessage() + ", in line "
                    + e.getLocation().getLineNr() + " at column "
                    + e.getLocation().getColumnNr());
        }
    }
}
