package io.acclimate.serve;

import static io.acclimate.serve.ServeFixture.LIMIT;
import static io.acclimate.serve.ServeFixture.PARTITIONS;
import static io.acclimate.serve.ServeFixture.bytes;
import static io.acclimate.serve.ServeFixture.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import io.acclimate.wire.VersionCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life cycle of serving, where the brokers or the topics are not as they should be. */
class ServeFaultIT {
    private final ServeFixture fixture = new ServeFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void instancesThatComeAndGoUnderLoadLoseAndDoubleNothing(String protocol) throws Exception {
        Map<String, Object> client = Map.of("group.protocol", protocol);
        fixture.start(client, settings("a"));
        fixture.send(0, 300);
        Serving second = fixture.start(client, settings("b"));
        fixture.send(300, 600);
        await().atMost(LIMIT).until(() -> fixture.telemetry.total(Meter.PREDICTIONS) >= 400);
        second.close();
        fixture.send(600, 900);
        fixture.start(client, settings("b"));
        fixture.send(900, 1_200);

        List<ConsumerRecord<byte[], byte[]>> records = fixture.read(fixture.topics.predictions(), 1_200);
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Prediction prediction = fixture.prediction(record);
            assertThat(prediction.input().offset()).isEqualTo(next.merge(record.partition(), 1L, Long::sum) - 1);
        }
        assertThat(records).hasSize(1_200);
    }

    @Test
    void fault16OnAnEmptyVersionsTopicTheSourceModelServesOrServingWaitsAsConfigured() throws Exception {
        fixture.send(0, 1);
        Serving waiting = fixture.startWithoutWaiting(Map.of(), settings().withoutVersion(WithoutVersion.WAIT));
        await().atMost(LIMIT)
                .until(() -> waiting.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains("first active version"));
        assertThat(fixture.telemetry.total(Meter.IMAGES_RECEIVED)).isZero();

        fixture.activate(1);

        await().atMost(LIMIT).until(waiting::check, Health.READY::equals);
        assertThat(fixture.prediction(0).modelVersion()).isEqualTo(1);
        waiting.close();

        // All versions are tombstoned, as if compaction had taken them: one that runs keeps what it has, one that
        // starts has only
        // the source model.
        Serving running = fixture.start(settings());
        tombstone(1);
        fixture.send(1, 2);
        assertThat(fixture.prediction(1).modelVersion()).isEqualTo(1);
        assertThat(running.check()).isEqualTo(Health.READY);
    }

    @Test
    void fault16ATopicOfTombstonesServesTheSourceModel() throws Exception {
        tombstone(1);
        fixture.start(settings());
        fixture.send(0, 1);
        assertThat(fixture.prediction(0).modelVersion()).isZero();
    }

    @Test
    void fault20StopsWhileDeadLettersCannotBeWrittenSaysSoAndLosesNone() throws Exception {
        Serving serving = fixture.start(Map.of("max.block.ms", 1_000), settings());
        fixture.admin.deleteTopics(List.of(fixture.topics.deadLetters())).all().get();
        // The broker that answers the producer may still know the topic for a moment.
        await().atMost(LIMIT)
                .until(() -> !fixture.admin.listTopics().names().get().contains(fixture.topics.deadLetters()));
        fixture.sendAndWait(new ProducerRecord<>(fixture.topics.images(), 0, bytes("bad"), bytes("no image")));
        fixture.sendAndWait(new ProducerRecord<>(fixture.topics.images(), 0, bytes("after"), png(0)));

        await().atMost(LIMIT)
                .until(() -> serving.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains(fixture.topics.deadLetters()));
        await().atMost(LIMIT).until(() -> fixture.telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve") >= 2);
        assertThat(fixture.telemetry.total(Meter.PREDICTIONS)).isZero();

        fixture.admin
                .createTopics(List.of(new NewTopic(fixture.topics.deadLetters(), PARTITIONS, (short) 1)))
                .all()
                .get();

        assertThat(fixture.read(fixture.topics.deadLetters(), 1)).hasSize(1);
        assertThat(fixture.read(fixture.topics.predictions(), 1)).hasSize(1);
        await().atMost(LIMIT).until(serving::check, Health.READY::equals);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void fault20StopsWhileWritingDeadLettersIsDeniedNamesTheRightAndLosesNone(Delivery delivery) throws Exception {
        Serving serving = fixture.start(settings().withDelivery(delivery));
        TestBroker.denyWrite(fixture.admin, fixture.topics.deadLetters());
        fixture.sendAndWait(new ProducerRecord<>(fixture.topics.images(), 0, bytes("bad"), bytes("no image")));
        fixture.sendAndWait(new ProducerRecord<>(fixture.topics.images(), 0, bytes("after"), png(0)));

        await().atMost(LIMIT)
                .until(() -> serving.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains("grant WRITE on topic " + fixture.topics.deadLetters()));
        await().atMost(LIMIT).until(() -> fixture.telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve") >= 2);
        assertThat(fixture.telemetry.total(Meter.PREDICTIONS)).isZero();
        assertThat(fixture.telemetry.total(Meter.DEAD_LETTERS)).isZero();

        TestBroker.allowWrite(fixture.admin, fixture.topics.deadLetters());

        assertThat(fixture.read(fixture.topics.deadLetters(), 1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).isEqualTo(bytes("no image")));
        if (delivery == Delivery.EXACTLY_ONCE) {
            assertThat(fixture.read(fixture.topics.predictions(), 1)).hasSize(1);
        } else {
            assertThat(fixture.read(fixture.topics.predictions(), 1)).isNotEmpty();
        }
        await().atMost(LIMIT).until(serving::check, Health.READY::equals);
    }

    @Test
    void fault19TheDeadLetterOfTheLargestRecordDropsItsPayloadAndDoesNotLoop() throws Exception {
        Serving serving = fixture.start(settings());
        // Noise does not compress; the broker takes a record of this size and no larger.
        byte[] noise = new byte[1_048_576 - 200];
        new Random(1).nextBytes(noise);

        fixture.sendAndWait(new ProducerRecord<>(fixture.topics.images(), 0, bytes("bad"), noise));
        fixture.sendAndWait(new ProducerRecord<>(fixture.topics.images(), 0, bytes("after"), png(0)));

        assertThat(fixture.read(fixture.topics.predictions(), 1)).hasSize(1);
        assertThat(fixture.read(fixture.topics.deadLetters(), 1))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.value()).isNull();
                    assertThat(DeadLetters.parse(record)).isInstanceOfSatisfying(Outcome.Ok.class, ok -> assertThat(
                                    ((DeadLetter) ok.value()).droppedValue())
                            .contains(Digest.of(noise)));
                });
        assertThat(fixture.telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve")).isZero();
        assertThat(serving.check()).isEqualTo(Health.READY);
    }

    private ServeSettings settings(String instance) {
        return settings().withMembership(settings().membership().withInstance(instance));
    }

    private ServeSettings settings() {
        return fixture.settings().withWorkers(1).withBatches(new BatchSettings(50, 64));
    }

    private void tombstone(long number) throws Exception {
        VersionCodec versions = new VersionCodec();
        int partition = io.acclimate.wire.Partitions.ofDomain(DomainId.DEFAULT, 2);
        for (byte[] key :
                List.of(versions.activeKey(DomainId.DEFAULT), versions.key(new VersionId(DomainId.DEFAULT, number)))) {
            fixture.sendAndWait(new ProducerRecord<>(fixture.topics.modelVersions(), partition, key, null));
        }
    }
}
