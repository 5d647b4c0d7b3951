package io.acclimate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Holds values against the JSON Schemas (2020-12) in a description of an interface. Descriptions let readers expect fields that they do
 * not know; here a field that is not described is an error, so that nothing is added without a word.
 */
public final class Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final JsonNode document;
    private final JsonNode closed;

    private Schemas(JsonNode document) {
        this.document = document;
        this.closed = close(document.deepCopy());
    }

    /** Reads an OpenAPI or AsyncAPI document, whose schemas are under {@code components}. */
    public static Schemas of(Path yaml) {
        try (Reader in = Files.newBufferedReader(yaml)) {
            LoaderOptions options = new LoaderOptions();
            return new Schemas(JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode document() {
        return document;
    }

    /** What stands at a place such as {@code #/components/schemas/Problem}; references on the way are followed. */
    public JsonNode at(JsonNode node) {
        return node.has("$ref") ? at(document.at(node.get("$ref").asText().substring(1))) : node;
    }

    /**
     * What is wrong with the value; empty when it has the described shape.
     *
     * @param schema a part of the document, which may refer to others
     */
    public List<String> violations(JsonNode schema, String value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", closed.get("components"));
        whole.putArray("allOf").add(close(schema.deepCopy()));
        Schema compiled = REGISTRY.getSchema(whole);
        return compiled.validate(value, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static JsonNode close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(Schemas::close);
        return node;
    }
}
