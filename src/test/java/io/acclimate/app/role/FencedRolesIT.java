package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.data.ImageRows;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.process.Node;
import io.acclimate.app.replay.ReplaySettings;
import io.acclimate.app.replay.Replayer;
import io.acclimate.broker.TestBroker;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.Shift;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker may end any producer with an error that the producer cannot recover from. */
class FencedRolesIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int IMAGES = 64;

    private final Topics topics = TestBroker.uniqueTopics();
    private final Telemetry telemetry = Telemetry.inMemory();

    @Test
    void everyRoleContinuesWithAFreshProducerWhenTheBrokerFencesTheOneThatItHas(@TempDir Path state) throws Exception {
        TestBroker.createTopics(topics);
        ModelGraph model = ModelOptions.bundled();
        Pipeline pipeline = new Pipeline(TestBroker.clientProperties(), topics, model, telemetry);
        var source = new ImageRows(Bundled.sourceReplay(), model.card().input());
        try (Node node = new Node(List.of(
                pipeline.serve(ServeSettings.defaults()),
                pipeline.minibatch(MiniBatchSettings.defaults().withStateDir(state)),
                pipeline.adapt(AdaptSettings.defaults(), Optional.of(source))))) {
            node.start();
            await().atMost(LIMIT).until(() -> node.waitingFor().isEmpty());
            send("before-");
            awaitDone(IMAGES);

            List<String> fenced = fenceProducers();
            send("after-");
            awaitDone(2 * IMAGES);

            assertThat(fenced).as("of serve, minibatch and adapt").hasSizeGreaterThanOrEqualTo(3);
            await().atMost(LIMIT).until(() -> node.waitingFor().isEmpty());
        } finally {
            telemetry.close();
        }
    }

    private void send(String prefix) throws InterruptedException {
        Replayer.replay(
                TestBroker.clientProperties(),
                topics,
                Bundled.targetTest().shifted(Shift.INVERT, 1),
                ReplaySettings.unpaced(IMAGES, 1).withKeyPrefix(prefix),
                (sent, labels) -> {});
    }

    private void awaitDone(long images) {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(telemetry.total(Meter.PREDICTIONS, "default")).isEqualTo((double) images);
            assertThat(telemetry.total(Meter.SAMPLES_TRAINED, "default")
                            + telemetry.total(Meter.SAMPLES_HELD_OUT, "default"))
                    .isEqualTo((double) images);
        });
    }

    /** Ends the producers of all transactions of this test's service. */
    private List<String> fenceProducers() throws Exception {
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            List<String> ids = admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(topics.prefix()))
                    .toList();
            admin.fenceProducers(ids).all().get();
            return ids;
        }
    }
}
