package io.acclimate.app.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import picocli.CommandLine.Option;

/** Lets a command print its result for programs. The shape of each command is a schema under {@code schemas/cli}. */
public final class JsonOption {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "Print the result as JSON instead of text.")
    boolean json;

    public boolean asked() {
        return json;
    }

    /** Prints one object over several lines. */
    public static void print(Object result, PrintWriter out) {
        out.println(write(result, true));
        out.flush();
    }

    /** Prints one object on one line, for commands that print many. */
    public static void line(Object result, PrintWriter out) {
        out.println(write(result, false));
        out.flush();
    }

    /** JSON has no NaN: a figure that is not defined is null. */
    public static String write(Object result, boolean indented) {
        JsonNode tree = defined(JSON.valueToTree(result));
        try {
            return indented
                    ? JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(tree)
                    : JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode defined(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                field.setValue(defined(field.getValue()));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, defined(array.get(i)));
            }
        } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            return NullNode.getInstance();
        }
        return node;
    }
}
