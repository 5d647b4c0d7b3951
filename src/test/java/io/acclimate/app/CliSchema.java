package io.acclimate.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schemas of what commands print for programs. */
public final class CliSchema {
    private static final Path FOLDER = Path.of("schemas", "cli");
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private CliSchema() {}

    /** What of {@code json} breaks the schema of this name; nothing when it is as documented. */
    public static List<String> violations(String name, String json) {
        try {
            JsonSchema schema = FACTORY.getSchema(Files.readString(FOLDER.resolve(name + ".schema.json")));
            return schema.validate(new ObjectMapper().readTree(json)).stream()
                    .map(ValidationMessage::getMessage)
                    .toList();
        } catch (JsonProcessingException e) {
            return List.of("no JSON: " + e.getMessage() + " in " + json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
