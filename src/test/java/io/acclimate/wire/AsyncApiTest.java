package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.acclimate.Golden;
import io.acclimate.Schemas;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
    private static final Path FILE = Path.of("schemas", "asyncapi.yaml");

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

    /** Each body of an event has fields that nobody described, or none, if the description is not that of the code. */
    @Test
    void describesTheBodyOfEveryEvent() {
        Schemas schemas = Schemas.of(FILE);
        JsonNode event = schemas.document().at("/components/schemas/adaptationEvent");
        List<String> lines =
                Golden.text(EventGoldenTest.class, "events.txt").lines().toList();
        Set<String> kinds = new TreeSet<>();
        for (int i = 1; i < lines.size(); i += 3) {
            assertThat(schemas.violations(event, lines.get(i))).as(lines.get(i)).isEmpty();
        }
        event.get("properties").fieldNames().forEachRemaining(kinds::add);
        kinds.removeAll(Set.of("domain", "at"));
        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(
                        io.acclimate.wire.v1.AdaptationEvent.getDescriptor().getOneofs().get(0).getFields().stream()
                                .map(FieldDescriptor::getJsonName)
                                .toList());
        assertThat(schemas.violations(
                        event, "{\"domain\":\"a\",\"at\":\"2026-01-02T03:04:05Z\",\"trained\":{\"x\":1}}"))
                .isNotEmpty();
    }

    @Test
    void describesAPredictionAsItIsWritten() {
        Schemas schemas = Schemas.of(FILE);
        Prediction prediction = new Prediction(
                new ImageId("cat-1"),
                DomainId.DEFAULT,
                List.of(new ClassScore(1, "cat", 0.75f), new ClassScore(0, "dog", 0.25f)),
                7,
                new Coordinates("images", 2, 99),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Duration.ofMillis(36));

        String json = new String(new PredictionCodec(WireFormat.JSON).encode(prediction), StandardCharsets.UTF_8);

        assertThat(schemas.violations(schemas.document().at("/components/schemas/prediction"), json))
                .as(json)
                .isEmpty();
    }

    @Test
    void examplesHaveTheShapesThatTheyIllustrate() {
        Schemas schemas = Schemas.of(FILE);
        int examples = 0;
        for (JsonNode message : schemas.document().at("/components/messages")) {
            for (JsonNode example : message.path("examples")) {
                examples++;
                for (String part : List.of("headers", "payload")) {
                    if (example.has(part)) {
                        assertThat(schemas.violations(
                                        message.get(part), example.get(part).toString()))
                                .as("%s of %s", part, example)
                                .isEmpty();
                    }
                }
            }
        }
        assertThat(examples).isGreaterThan(4);
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
                        "CheckpointChunk",
                        "ControlCommand",
                        "MiniBatch",
                        "ModelVersionRecord",
                        "StartPart",
                        "WeightChunk");
        for (Map.Entry<String, String> each : files.entrySet()) {
            assertThat(Files.readString(Path.of("schemas", each.getValue())))
                    .contains("message " + each.getKey() + " {");
        }
    }

    private static Object document() throws IOException {
        try (Reader in = Files.newBufferedReader(FILE)) {
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
