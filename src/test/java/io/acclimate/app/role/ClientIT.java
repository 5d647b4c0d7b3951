package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.app.process.Node;
import io.acclimate.broker.FreePort;
import io.acclimate.broker.TestBroker;
import io.acclimate.client.AcclimateClient;
import io.acclimate.client.PredictionReader;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a Java program does with a service by {@link AcclimateClient} alone. */
class ClientIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private final AdaptFixture fixture = new AdaptFixture();
    private final Telemetry telemetry = Telemetry.inMemory();

    @AfterEach
    void close() {
        fixture.close();
        telemetry.close();
    }

    private AcclimateClient connect() throws ConnectException {
        return AcclimateClient.connect(TestBroker.clientProperties(), fixture.topics.prefix());
    }

    private Node service() throws Exception {
        AdaptSettings settings = AdaptSettings.defaults();
        Pipeline pipeline =
                new Pipeline(TestBroker.clientProperties(), fixture.topics, AdaptFixture.sourceModel(), telemetry);
        return new Node(List.of(
                pipeline.serve(ServeSettings.defaults()),
                pipeline.minibatch(MiniBatchSettings.defaults().withStateDir(folder)),
                pipeline.adapt(
                        settings.withGate(settings.gate().withRule(GateSettings.Rule.NON_INFERIOR))
                                .withFreshness(FreshnessSettings.NONE)
                                .withPace(PaceSettings.NONE),
                        Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())))));
    }

    @Test
    void imagesThatAreSentArePredictedInTheirDomain() throws Exception {
        try (Node node = service();
                AcclimateClient client = connect();
                PredictionReader reader = client.predictions(fixture.topics.prefix() + "application")) {
            node.start();
            List<CompletableFuture<Coordinates>> sent = new ArrayList<>();
            for (int image = 0; image < 256; image++) {
                sent.add(client.send("site-1", "image-" + image, Png.encode(INVERTED.pixels(image))));
            }
            sent.forEach(CompletableFuture::join);
            List<Prediction> predictions = new ArrayList<>();
            await().atMost(LIMIT).until(() -> {
                predictions.addAll(reader.poll(Duration.ofMillis(500)));
                return predictions.size() >= 256;
            });
            reader.commit();

            assertThat(predictions)
                    .extracting(each -> each.imageId().value())
                    .hasSize(256)
                    .doesNotHaveDuplicates();
            assertThat(predictions).extracting(Prediction::domain).containsOnly(new DomainId("site-1"));
        }
    }

    @Test
    void aLabelFindsTheImageThatWasSentUnderItsId() throws Exception {
        try (Node node = service();
                AcclimateClient client = connect()) {
            node.start();
            client.send("site-1", "image", Png.encode(INVERTED.pixels(0))).join();
            client.label("image", INVERTED.classNames().name(INVERTED.label(0))).join();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(telemetry.total(Meter.LABELS_JOINED, "site-1"))
                    .isOne());
        }
    }

    @Test
    void aVersionIsAwaitedUntilItIsActive() throws Exception {
        try (Node node = service();
                AcclimateClient client = connect()) {
            node.start();
            fixture.sendBatches(new DomainId("site-1"), INVERTED, 0, 8);

            long version = client.awaitVersion("site-1", 1, LIMIT);

            assertThat(version).isPositive();
        }
    }

    @Test
    void aReaderBeginsWhereItsGroupHasCommitted() throws Exception {
        String group = fixture.topics.prefix() + "application";
        try (Node node = service();
                AcclimateClient client = connect()) {
            node.start();
            client.send("site-1", "first", Png.encode(INVERTED.pixels(0))).join();
            assertThat(next(client, group)).isEqualTo("first");

            client.send("site-1", "second", Png.encode(INVERTED.pixels(1))).join();

            assertThat(next(client, group)).isEqualTo("second");
        }
    }

    /** The next prediction of a group, which is committed. */
    private static String next(AcclimateClient client, String group) {
        try (PredictionReader reader = client.predictions(group)) {
            List<Prediction> found = new ArrayList<>();
            await().atMost(LIMIT).until(() -> found.addAll(reader.poll(Duration.ofMillis(500))));
            reader.commit();
            return found.get(0).imageId().value();
        }
    }

    @Test
    void aVersionThatDoesNotComeIsNamedWithTheOneThatIsActive() throws Exception {
        try (AcclimateClient client = connect()) {
            assertThatThrownBy(() -> client.awaitVersion("site-1", 1, Duration.ofMillis(1)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no version from 1 on")
                    .hasMessageContaining("the source model serves");
        }
    }

    @Test
    void whatBreaksARuleOfTheContractIsRefusedBeforeItIsSent() throws Exception {
        try (AcclimateClient client = connect()) {
            byte[] image = Png.encode(INVERTED.pixels(0));
            assertThatThrownBy(() -> client.send("site 1", "image", image))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'site 1'");
            assertThatThrownBy(() -> client.send("site-1", "", image)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.send("site-1", "image", new byte[0]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.label("image", "")).isInstanceOf(IllegalArgumentException.class);

            CompletableFuture<Coordinates> sent = client.send("site-1", "image", image);
            assertThat(sent.join().topic()).isEqualTo(fixture.topics.images());
            assertThat(sent.join().offset()).as("nothing was sent before").isZero();
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerAndTopicsThatAreNotThereAreNamed() {
        String nobody = "localhost:" + FreePort.take();
        assertThatThrownBy(() -> AcclimateClient.connect(Map.of("bootstrap.servers", nobody)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(nobody)
                .hasMessageContaining("bootstrap.servers");
        assertThatThrownBy(() -> AcclimateClient.connect(TestBroker.clientProperties(), "missing-"))
                .isInstanceOf(org.apache.kafka.common.errors.TimeoutException.class)
                .hasMessageContaining("missing-images does not exist");
    }
}
