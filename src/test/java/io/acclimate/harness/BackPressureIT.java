package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.FreePort;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More images wait than the heap of {@code serve} holds, and something behind it is slow: it must read no further than it can answer. */
class BackPressureIT {
    private static final int HEAP_MEGABYTES = 64;
    /** 75 MB of PNG, and five times as much when they are decoded. */
    private static final int IMAGES = 30_000;

    private static final int WORKERS = 2;
    private static final int MAX_POLL = 200;
    private static final double SLOW_BYTES_PER_SECOND = 20_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private final Topics topics = TestBroker.uniqueTopics();
    private final Admin admin = Admin.create(TestBroker.clientProperties());

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void aSlowBrokerHoldsServingBackUntilItIsFastAgain() throws Exception {
        quota(SLOW_BYTES_PER_SECOND);
        int port = FreePort.take();
        try (ImageStream images = waiting();
                JavaProcess serve = serve(port, List.of())) {
            serve.start();

            long most = mostInFlightUntil(1_000, images, serve, port);

            assertThat(images.sent() - images.predicted()).isGreaterThan(IMAGES / 2);
            assertThat(most).isBetween(1L, (long) WORKERS * MAX_POLL);
            quota(null);
            Health page = new Health(port);
            await().atMost(LIMIT).until(() -> {
                assertThat(page.live().code())
                        .as("serve lives, see %s", serve.log())
                        .isEqualTo(200);
                return images.predicted() >= images.sent();
            });
            assertThat(images.finding()).isEmpty();
            await().atMost(LIMIT).until(() -> new Health(port).ready().code() == 200);
        }
    }

    @Test
    void aSlowModelHoldsServingBack() throws Exception {
        int port = FreePort.take();
        try (ImageStream images = waiting();
                JavaProcess serve = serve(port, List.of("--model=" + slowModel()))) {
            serve.start();

            long most = mostInFlightUntil(MAX_POLL, images, serve, port);

            assertThat(images.sent() - images.predicted()).isGreaterThan(IMAGES / 2);
            assertThat(most).isBetween(1L, (long) WORKERS * MAX_POLL);
            assertThat(images.finding()).isEmpty();
        }
    }

    private ImageStream waiting() throws Exception {
        TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
        ImageStream images = new ImageStream(TestBroker.bootstrapServers(), topics, IMAGES, prediction -> true);
        images.start();
        await().atMost(LIMIT).until(() -> images.sent() >= IMAGES);
        images.stop();
        return images;
    }

    private static long mostInFlightUntil(long predictions, ImageStream images, JavaProcess serve, int port) {
        Health page = new Health(port);
        List<Long> inFlight = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            assertThat(serve.alive()).as("serve runs, see %s", serve.log()).isTrue();
            if (page.live().code() == 200 && page.metrics().text().contains("acclimate_images_in_flight")) {
                inFlight.add(Vitals.number(page.metrics().text(), "acclimate_images_in_flight "));
            }
            return images.predicted() >= predictions;
        });
        return inFlight.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private JavaProcess serve(int port, List<String> more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--bootstrap=" + TestBroker.bootstrapServers(),
                "--topic-prefix=" + topics.prefix(),
                "--instance=slow",
                "--workers=" + WORKERS,
                "--max-poll-records=" + MAX_POLL,
                "--http-port=" + port));
        arguments.addAll(more);
        return new JavaProcess("serve", folder, HEAP_MEGABYTES, "io.acclimate.app.Main", arguments);
    }

    /** What the broker takes from serving's producers, and lets them wait for the rest; null for all that it can. */
    private void quota(@Nullable Double bytesPerSecond) throws Exception {
        List<ClientQuotaAlteration> alterations = IntStream.range(0, WORKERS)
                .mapToObj(worker -> new ClientQuotaAlteration(
                        new ClientQuotaEntity(Map.of(
                                ClientQuotaEntity.CLIENT_ID,
                                topics.prefix() + "acclimate-serve-slow-" + worker + "-producer")),
                        List.of(new ClientQuotaAlteration.Op("producer_byte_rate", bytesPerSecond))))
                .toList();
        admin.alterClientQuotas(alterations).all().get();
    }

    /** Eight convolutions of 64 channels over 32x32: some 10 ms an image. */
    private Path slowModel() throws Exception {
        InputSpec input = new InputSpec(
                3,
                32,
                32,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH,
                List.of(0.5f, 0.5f, 0.5f),
                List.of(0.5f, 0.5f, 0.5f));
        GraphBuilder graph = new GraphBuilder("slow", 13)
                .input("input", input.row())
                .output("logits", Shape.of(2))
                .weight("head", filled(Shape.of(64 * 32 * 32, 2)));
        String last = "input";
        for (int i = 0; i < 8; i++) {
            String next = "layer" + i;
            graph.weight("w" + i, filled(Shape.of(64, i == 0 ? 3 : 64, 3, 3)));
            graph.node("Conv", List.of(last, "w" + i), List.of(next), Map.of("pads", new long[] {1, 1, 1, 1}));
            last = next;
        }
        byte[] onnx = graph.node("Flatten", List.of(last), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "head"), List.of("logits"), Map.of())
                .toOnnx();
        ModelCard card = new ModelCard(
                "slow",
                "input",
                input,
                "logits",
                ModelCard.OutputKind.LOGITS,
                new ClassNames(List.of("zero", "one")),
                Map.of());
        Path file = Files.write(folder.resolve("slow.onnx"), onnx);
        Files.writeString(ModelCard.beside(file), CardYaml.write(card));
        return file;
    }

    private static FloatTensor filled(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        Arrays.fill(values, 0.001f);
        return FloatTensor.wrap(shape, values);
    }
}
