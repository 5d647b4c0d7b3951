package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.app.process.Node;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.KafkaMeters;
import io.acclimate.telemetry.SpanCollector;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.telemetry.Traces;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector sees what became of an image and of a label, in the traces that their senders began. */
class TracesIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final String SENDER = "b7ad6b7169203331";
    private static final int LABELS = 192;
    private static final int IMAGE = 1_000;
    private static final int BAD_IMAGE = 1_001;
    private static final int BAD_LABEL = 1_002;

    @TempDir
    Path folder;

    private final AdaptFixture fixture = new AdaptFixture();
    private final KafkaProducer<byte[], byte[]> producer = TestBroker.producer();

    @AfterEach
    void close() {
        producer.close();
        fixture.close();
    }

    private static AdaptSettings settings() {
        AdaptSettings settings = AdaptSettings.defaults();
        return settings.withGate(settings.gate().withRule(GateSettings.Rule.NON_INFERIOR))
                .withFreshness(FreshnessSettings.NONE)
                .withPace(PaceSettings.NONE);
    }

    private static String trace(int number) {
        return HexFormat.of().toHexDigits(0xACC11A7EL) + HexFormat.of().toHexDigits((long) number);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void send(String topic, int number, byte[] value, Optional<String> label) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes("r" + number), value);
        record.headers().add("traceparent", bytes("00-" + trace(number) + "-" + SENDER + "-01"));
        label.ifPresent(name -> record.headers().add("label", bytes(name)));
        producer.send(record).get();
    }

    private ConsumerRecord<byte[], byte[]> prediction() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        properties.put("group.id", fixture.topics.prefix() + "predictions");
        properties.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(fixture.topics.predictions()));
            return await().atMost(LIMIT)
                    .until(() -> consumer.poll(Duration.ofMillis(100)), records -> !records.isEmpty())
                    .iterator()
                    .next();
        }
    }

    private static List<SpanCollector.Seen> of(SpanCollector collector, int number) {
        return collector.spans().stream()
                .filter(span -> span.trace().equals(trace(number)))
                .toList();
    }

    @Test
    void theTraceOfAnImageHasItsPredictionAndThatOfALabelItsVersion() throws Exception {
        try (SpanCollector collector = new SpanCollector()) {
            long version;
            ConsumerRecord<byte[], byte[]> prediction;
            try (Telemetry telemetry =
                    Telemetry.prometheus(KafkaMeters.NONE, Optional.empty(), Traces.to(collector.url()))) {
                Pipeline pipeline = new Pipeline(
                        TestBroker.clientProperties(), fixture.topics, AdaptFixture.sourceModel(), telemetry);
                try (Node node = new Node(List.of(
                        pipeline.serve(ServeSettings.defaults()),
                        pipeline.minibatch(MiniBatchSettings.defaults().withStateDir(folder)),
                        pipeline.adapt(settings(), Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())))))) {
                    node.start();
                    send(fixture.topics.images(), IMAGE, Png.encode(INVERTED.pixels(0)), Optional.empty());
                    prediction = prediction();
                    send(fixture.topics.images(), BAD_IMAGE, bytes("no picture"), Optional.empty());
                    send(fixture.topics.labels(), BAD_LABEL, Png.encode(INVERTED.pixels(0)), Optional.of("Hat"));
                    for (int i = 0; i < LABELS; i++) {
                        send(
                                fixture.topics.labels(),
                                i,
                                Png.encode(INVERTED.pixels(i)),
                                Optional.of(Integer.toString(INVERTED.label(i))));
                    }
                    await().atMost(LIMIT).until(() -> !fixture.events(AdaptationEvent.Activated.class, DomainId.DEFAULT)
                            .isEmpty());
                    version = fixture.events(AdaptationEvent.Activated.class, DomainId.DEFAULT)
                            .get(0)
                            .activation()
                            .version()
                            .number();
                }
            }

            // A batch that a rebalance interrupts is read again, and has a span for each time. One of them is the
            // prediction's.
            assertThat(of(collector, IMAGE)).isNotEmpty().allSatisfy(span -> {
                assertThat(span.name()).isEqualTo("predict image");
                assertThat(span.parent()).isEqualTo(SENDER);
                assertThat(span.attributes())
                        .containsEntry("acclimate.model.version", "0")
                        .containsEntry("acclimate.image.id", "r" + IMAGE);
            });
            assertThat(of(collector, IMAGE))
                    .extracting(span -> "00-" + trace(IMAGE) + "-" + span.id() + "-01")
                    .contains(new String(
                            prediction.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8));
            assertThat(of(collector, BAD_IMAGE)).isNotEmpty().allSatisfy(span -> assertThat(
                            span.whole().getStatus().getMessage())
                    .startsWith("UNDECODABLE_IMAGE"));
            assertThat(of(collector, BAD_LABEL)).singleElement().satisfies(span -> {
                assertThat(span.name()).isEqualTo("refuse label");
                assertThat(span.whole().getStatus().getMessage()).contains("UNKNOWN_CLASS", "Hat");
            });
            assertThat(of(collector, 0))
                    .extracting(SpanCollector.Seen::name)
                    .containsExactly("buffer label", "learn label");
            assertThat(collector.spans())
                    .filteredOn(span -> span.name().equals("learn label"))
                    .anySatisfy(span -> assertThat(span.attributes())
                            .containsEntry("acclimate.model.version", Long.toString(version)));
        }
    }
}
