package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicSchemaTest {
    /**
     * These bytes and the schemas were given to Apicurio Registry 3.3.3, and Apicurio's own Kafka deserializer (3.1.7, with
     * {@code use-id=contentId}, {@code read-indexes=true}, {@code read-type-ref=false}) read from them what is encoded here.
     */
    private static final String PREDICTION =
            "0000000001000a056361742d31120764656661756c741a0363617420032d0000403f320c08031203"
                    + "6361741d0000403f320a1203646f671d0000803e3807420c0a06696d61676573100318634a0b08a5ebdcca0610809bee02515839b4c876bef33f";

    private static final String EVENT =
            "0000000002000a0764656661756c7412001a2208041020180420062814300a380540014a100a05746f74616c11000000000000e03f";

    private final TopicSchema predictions = TopicSchema.predictions(Topics.DEFAULT);
    private final TopicSchema events = TopicSchema.adaptationEvents(Topics.DEFAULT);

    @Test
    void framedRecordsAreTheBytesThatApicuriosDeserializerHasRead() {
        predictions.registeredAs(1);
        events.registeredAs(2);
        Prediction prediction = new Prediction(
                new ImageId("cat-1"),
                DomainId.DEFAULT,
                List.of(new ClassScore(3, "cat", 0.75f), new ClassScore(0, "dog", 0.25f)),
                7,
                new Coordinates("images", 3, 99),
                Instant.parse("2026-01-02T03:04:05.006Z"),
                Duration.ofNanos(1_234_000));
        AdaptationEvent event = new AdaptationEvent.Trained(
                DomainId.DEFAULT, Instant.EPOCH, 4, 32, 4, 6, 20, 10, 5, 1, Map.of("total", 0.5));
        PredictionCodec predictionCodec = new PredictionCodec(Encoding.framed(predictions));
        EventCodec eventCodec = new EventCodec(Encoding.framed(events));

        byte[] framedPrediction = predictionCodec.encode(prediction);
        byte[] framedEvent = eventCodec.encode(event);

        assertThat(HexFormat.of().formatHex(framedPrediction)).isEqualTo(PREDICTION);
        assertThat(HexFormat.of().formatHex(framedEvent)).isEqualTo(EVENT);
        assertThat(predictionCodec.decode(framedPrediction)).isEqualTo(prediction);
        assertThat(eventCodec.decode(framedEvent)).isEqualTo(event);
    }

    @Test
    void nothingIsFramedBeforeTheIdIsKnown() {
        assertThatThrownBy(() -> predictions.framed(io.acclimate.wire.v1.Prediction.getDefaultInstance()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("predictions-value");
    }

    @Test
    void oneFileHoldsEveryMessageOnceAndTheTopicsOwnFirst() {
        holds(predictions, io.acclimate.wire.v1.Prediction.getDescriptor());
        holds(events, io.acclimate.wire.v1.AdaptationEvent.getDescriptor());
    }

    private static void holds(TopicSchema schema, Descriptor type) {
        List<String> messages = Pattern.compile("^message (\\w+) \\{$", Pattern.MULTILINE)
                .matcher(schema.text())
                .results()
                .map(match -> match.group(1))
                .toList();
        Set<String> reachable = new TreeSet<>();
        collect(type, reachable);

        assertThat(messages).doesNotHaveDuplicates().startsWith(type.getName()).containsAll(reachable);
        assertThat(schema.text())
                .startsWith("syntax = \"proto3\";\n")
                .containsOnlyOnce("\npackage acclimate.v1;\n")
                .containsOnlyOnce("\nimport \"google/protobuf/timestamp.proto\";\n")
                .doesNotContain("import \"acclimate");
    }

    private static void collect(Descriptor type, Set<String> names) {
        if (type.getContainingType() == null && names.add(type.getName())) {
            type.getFields().stream()
                    .flatMap(field ->
                            field.getJavaType() == com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE
                                    ? Stream.of(field.getMessageType())
                                    : Stream.empty())
                    .filter(message -> message.getFile().getPackage().equals("acclimate.v1"))
                    .forEach(message -> collect(message, names));
        }
    }
}
