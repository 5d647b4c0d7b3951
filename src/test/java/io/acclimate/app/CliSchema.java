package io.acclimate.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The schemas of what commands print for programs. */
public final class CliSchema {
    private static final Path FOLDER = Path.of("schemas", "cli");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private CliSchema() {}

    /** What of {@code json} breaks the schema of this name; nothing when it is as documented. */
    public static List<String> violations(String name, String json) {
        try {
            if (!JSON.readTree(json).isContainerNode()) {
                return List.of("no object: " + json);
            }
        } catch (JsonProcessingException e) {
            return List.of("no JSON: " + e.getMessage() + " in " + json);
        }
        try {
            Schema schema = REGISTRY.getSchema(
                    JSON.readTree(FOLDER.resolve(name + ".schema.json").toFile()));
            return schema.validate(json, InputFormat.JSON).stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
