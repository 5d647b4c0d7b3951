package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DeadLetterReason;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class AsyncApiTest {
    @Test
    void describesEveryTopicAndReason() throws IOException {
        Object document = document();
        assertThat(map(at(document, "#/channels")).values())
                .extracting(channel -> at(channel, "#/address"))
                .containsExactlyInAnyOrderElementsOf(Topics.DEFAULT.all());
        assertThat(map(at(document, "#/operations"))).hasSameSizeAs(Topics.DEFAULT.all());
        assertThat((List<?>) at(document, "#/components/schemas/deadLetterReason/enum"))
                .isEqualTo(
                        Arrays.stream(DeadLetterReason.values()).map(Enum::name).toList());
    }

    @Test
    void everyReferenceResolves() throws IOException {
        Object document = document();
        Set<String> references = new TreeSet<>();
        collect(document, map -> {
            if (map.get("$ref") instanceof String reference) {
                references.add(reference);
            }
        });
        assertThat(references).hasSizeGreaterThan(20).allSatisfy(reference -> assertThat(at(document, reference))
                .isNotNull());
    }

    /** AsyncAPI's tools read no .proto files, so an extension of the document names them. */
    @Test
    void everyProtobufMessageThatIsNamedExists() throws IOException {
        Map<String, String> files = new TreeMap<>();
        collect(document(), map -> {
            if (map.get("x-protobuf") instanceof Map<?, ?> protobuf) {
                files.put((String) protobuf.get("message"), (String) protobuf.get("file"));
            }
        });
        assertThat(files)
                .containsOnlyKeys(
                        "CheckpointChunk", "ControlCommand", "MiniBatch", "ModelVersionRecord", "WeightChunk");
        for (Map.Entry<String, String> each : files.entrySet()) {
            assertThat(Files.readString(Path.of("schemas", each.getValue())))
                    .contains("message " + each.getKey() + " {");
        }
    }

    private static Object document() throws IOException {
        try (Reader in = Files.newBufferedReader(Path.of("schemas/asyncapi.yaml"))) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        }
    }

    /** Shows every object of the document to the visitor. */
    private static void collect(Object node, Consumer<Map<?, ?>> visitor) {
        if (node instanceof Map<?, ?> map) {
            visitor.accept(map);
            map.values().forEach(value -> collect(value, visitor));
        } else if (node instanceof List<?> list) {
            list.forEach(value -> collect(value, visitor));
        }
    }

    private static Object at(Object node, String pointer) {
        Object found = node;
        for (String step : pointer.substring(2).split("/", -1)) {
            found = map(found).get(step);
            if (found == null) {
                throw new AssertionError(pointer + " does not exist");
            }
        }
        return found;
    }

    private static Map<?, ?> map(Object node) {
        return (Map<?, ?>) node;
    }
}
