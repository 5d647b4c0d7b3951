package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.app.Main;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.acclimate.app.process.Role;
import io.acclimate.app.process.Shutdown;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.Png;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.serve.AnswerSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.StubRegistry;
import io.acclimate.wire.TopicSchema;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SchemaRegistryIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Topics topics = TestBroker.uniqueTopics();
    private final StubRegistry registry = new StubRegistry();

    @BeforeEach
    void createTopics() {
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void serveWaitsForTheRegistryAndThenWritesFramesWithItsId() throws Exception {
        registry.answering(503, "");
        SchemaRegistryOptions options = CommandLine.populateCommand(
                new SchemaRegistryOptions(), "--schema-registry", registry.url().toString());
        RegisteredSchemas schemas = new RegisteredSchemas();
        Encoding encoding = schemas.encoding(WireFormat.PROTOBUF_REGISTRY, options, TopicSchema.predictions(topics));
        Role waiting = schemas.role().orElseThrow();
        try (Shutdown shutdown = new Shutdown();
                Telemetry telemetry = Telemetry.inMemory()) {
            CompletableFuture<Boolean> registered = CompletableFuture.supplyAsync(() -> registered(schemas, shutdown));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(waiting.check().toString())
                    .contains(
                            "503",
                            topics.predictions() + "-value",
                            registry.url().toString()));

            registry.answering(200, "{\"id\":42}");

            assertThat(registered.get()).isTrue();
            assertThat(waiting.check()).isEqualTo(Health.READY);
            Pipeline pipeline =
                    new Pipeline(TestBroker.clientProperties(), topics, new ModelOptions().graph(), telemetry);
            try (Role serve = pipeline.serve(ServeSettings.defaults()
                    .withAnswers(AnswerSettings.defaults().withFormat(encoding)))) {
                serve.start();
                sendImage();
                ConsumerRecord<byte[], byte[]> record = prediction();
                assertThat(record.value()).startsWith(0, 0, 0, 0, 42, 0);
                assertThat(record.headers().lastHeader("content-type").value())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("application/x-confluent-protobuf");
                Prediction read = new PredictionCodec(WireFormat.JSON).decode(record.value());
                assertThat(read.imageId().value()).isEqualTo("garment");
            }
        }
    }

    @Test
    void aRefusedSchemaEndsTheStartNamingSubjectAndAnswer() {
        registry.answering(409, "{\"error_code\":409,\"message\":\"incompatible with version 3\"}");
        StringWriter said = new StringWriter();
        CommandLine line = Main.line().setErr(new PrintWriter(said)).setOut(new PrintWriter(said));

        int exit = Main.run(
                line,
                new String[] {
                    "serve",
                    "--bootstrap=" + TestBroker.clientProperties().get("bootstrap.servers"),
                    "--topic-prefix=" + topics.prefix(),
                    "--http-port=none",
                    "--format=PROTOBUF_REGISTRY",
                    "--schema-registry=" + registry.url()
                },
                Map.of());

        assertThat(exit).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(said.toString())
                .contains("serve: ", "409", topics.predictions() + "-value", "incompatible with version 3");
    }

    private static boolean registered(RegisteredSchemas schemas, Shutdown shutdown) {
        try {
            return schemas.await(shutdown);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // closing sends it
    private void sendImage() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] png = Png.encode(Bundled.targetTest().pixels(0));
            producer.send(new ProducerRecord<>(topics.images(), "garment".getBytes(StandardCharsets.UTF_8), png));
        }
    }

    private ConsumerRecord<byte[], byte[]> prediction() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        properties.put("group.id", topics.prefix() + "reader");
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topics.predictions()));
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                return !found.isEmpty();
            });
        }
        return found.get(0);
    }
}
