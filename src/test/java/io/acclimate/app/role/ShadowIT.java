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
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Adaptation is watched before it may serve. */
class ShadowIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    private final AdaptFixture fixture = new AdaptFixture();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final KafkaProducer<byte[], byte[]> producer = TestBroker.producer();
    private final KafkaConsumer<byte[], byte[]> predictions = consumer();
    private int sent;

    private static KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        properties.put("group.id", TestBroker.uniqueTopics().prefix() + "predictions");
        properties.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @BeforeEach
    void subscribe() {
        predictions.subscribe(List.of(fixture.topics.predictions()));
    }

    @AfterEach
    void close() {
        predictions.close();
        producer.close();
        fixture.close();
        telemetry.close();
    }

    private static AdaptSettings settings() {
        AdaptSettings settings = AdaptSettings.defaults();
        return settings.withGate(settings.gate().withRule(GateSettings.Rule.NON_INFERIOR))
                .withFreshness(FreshnessSettings.NONE)
                .withPace(PaceSettings.NONE);
    }

    private Node node(AdaptSettings settings) throws Exception {
        Pipeline pipeline =
                new Pipeline(TestBroker.clientProperties(), fixture.topics, AdaptFixture.sourceModel(), telemetry);
        return new Node(List.of(
                pipeline.serve(ServeSettings.defaults()),
                pipeline.adapt(settings, Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())))));
    }

    private List<AdaptationEvent.Trained> trained(int count) {
        await().atMost(LIMIT)
                .until(() -> fixture.events(AdaptationEvent.Trained.class, DomainId.DEFAULT)
                                .size()
                        >= count);
        return fixture.events(AdaptationEvent.Trained.class, DomainId.DEFAULT);
    }

    /** The version that answers an image that is sent now. */
    private long servingVersion() throws Exception {
        String id = "image-" + sent++;
        producer.send(new ProducerRecord<>(
                        fixture.topics.images(), id.getBytes(StandardCharsets.UTF_8), Png.encode(INVERTED.pixels(0))))
                .get();
        PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
        long[] version = {-1};
        await().atMost(LIMIT).until(() -> {
            predictions.poll(Duration.ofMillis(100)).forEach(record -> {
                Prediction prediction = codec.decode(record.value());
                if (prediction.imageId().value().equals(id)) {
                    version[0] = prediction.modelVersion();
                }
            });
            return version[0] >= 0;
        });
        return version[0];
    }

    @Test
    void versionsArePublishedAndOnlyWhatAnOperatorActivatesServes() throws Exception {
        long activated;
        try (Node node = node(settings().inShadow())) {
            node.start();
            fixture.sendBatches(DomainId.DEFAULT, INVERTED, 0, 6);
            trained(6);
            List<AdaptationEvent.Shadowed> shadowed = fixture.events(AdaptationEvent.Shadowed.class, DomainId.DEFAULT);
            assertThat(shadowed).isNotEmpty();
            assertThat(fixture.events(AdaptationEvent.Activated.class, DomainId.DEFAULT))
                    .isEmpty();
            assertThat(servingVersion()).isZero();

            activated = shadowed.get(shadowed.size() - 1).version();
            fixture.send(new ControlCommand.Activate("c1", DomainId.DEFAULT, activated));
            await().atMost(LIMIT).until(() -> servingVersion() == activated);

            fixture.sendBatches(DomainId.DEFAULT, INVERTED, 6, 4);
            AdaptationEvent.Trained last = trained(10).get(9);
            assertThat(last.activeVersion()).isEqualTo(activated);
            assertThat(last.shadow())
                    .hasValueSatisfying(shadow -> assertThat(shadow.version()).isGreaterThan(activated));
            assertThat(servingVersion()).isEqualTo(activated);
        }
        try (Node node = node(settings())) {
            node.start();
            fixture.sendBatches(DomainId.DEFAULT, INVERTED, 10, 1);

            assertThat(trained(11).get(10).activeVersion())
                    .as("the version that served before, until its first mini-batch")
                    .isEqualTo(activated);
            await().atMost(LIMIT).until(() -> servingVersion() > activated);
        }
    }
}
