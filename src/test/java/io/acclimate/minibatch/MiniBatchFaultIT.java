package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static io.acclimate.minibatch.MiniBatchFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.telemetry.Health;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniBatchFaultIT {
    /** The largest image that the contract allows. */
    private static final int LARGEST = Payload.MAX_BYTES;

    /** More than the topics of the contract take. */
    private static final int ABOVE = LARGEST + (2 << 20);

    @TempDir
    Path directory;

    private final MiniBatchFixture fixture = new MiniBatchFixture();
    private final String labels = fixture.topics.labels();
    private final String deadLetters = fixture.topics.deadLetters();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void fault19RefusesAnImageAboveTheLimitAtTheProducerAndPassesTheLargest() throws Exception {
        assertThatThrownBy(() -> send("over", "boot", ABOVE))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RecordTooLargeException.class);
        try (MiniBatching role = fixture.start(settings())) {
            send("bad", "sandal", LARGEST);
            send("good", "boot", LARGEST);

            fixture.readUntil(this::bothAreAnswered);

            assertThat(fixture.letters.get(0).value()).isNull();
            DeadLetter letter = ((Outcome.Ok<DeadLetter>) DeadLetters.parse(fixture.letters.get(0))).value();
            assertThat(letter.droppedValue()).isPresent();
            assertThat(letter.input().topic()).isEqualTo(labels);
            assertThat(role.check()).isEqualTo(Health.READY);
        }
    }

    @Test
    void fault20StopsWhileDeadLettersCannotBeWrittenAndLosesNone() throws Exception {
        try (MiniBatching role = fixture.start(settings())) {
            fixture.admin.deleteTopics(List.of(deadLetters)).all().get();
            await().atMost(LIMIT)
                    .until(() -> !fixture.admin.listTopics().names().get().contains(deadLetters));

            send("bad", "sandal", 10);
            send("good", "boot", 10);

            fixture.readUntil(() -> waitsFor(role, deadLetters));
            assertThat(fixture.letters).isEmpty();
            TopicCreator.ensure(fixture.admin, fixture.topics, TopicPlan.DEFAULT);
            fixture.readUntil(this::bothAreAnswered);
            assertReadyOnceItHasNotFailedForLong(role);
        }
        fixture.read();
        assertThat(fixture.letters).hasSize(1);
        assertThat(fixture.images()).containsExactly("good");
    }

    @Test
    void fault20StopsWhileWritingDeadLettersIsDeniedNamesTheRightAndLosesNone() throws Exception {
        try (MiniBatching role = fixture.start(settings())) {
            TestBroker.denyWrite(fixture.admin, deadLetters);

            send("bad", "sandal", 10);
            send("good", "boot", 10);

            fixture.readUntil(() -> waitsFor(role, "grant WRITE on topic " + deadLetters));
            assertThat(fixture.letters).isEmpty();
            TestBroker.allowWrite(fixture.admin, deadLetters);
            fixture.readUntil(this::bothAreAnswered);
        }
        fixture.read();
        assertThat(fixture.letters).hasSize(1);
        assertThat(fixture.images()).containsExactly("good");
    }

    @Test
    void fault24WithAFullDiskInTheStateFolderItIsNotReadySaysWhyAndLosesNone() throws Exception {
        FullDisk.FULL.set(true);
        Map<String, Object> small = Map.of("rocksdb.config.setter", FullDisk.class.getName());
        try (MiniBatching role = fixture.startWithoutWaiting(small, settings())) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sent.add("image-" + i);
                send("image-" + i, "boot", 100_000);
            }
            fixture.readUntil(() -> waitsFor(role, "space"));

            FullDisk.FULL.set(false);

            fixture.readUntil(() -> fixture.images().size() >= sent.size());
            assertReadyOnceItHasNotFailedForLong(role);
            assertThat(fixture.images()).containsExactlyElementsOf(sent);
        } finally {
            FullDisk.FULL.set(false);
        }
    }

    /** Kafka 4.4.0 with {@code transaction.version=2} once answered a producer that sent fast in this way. */
    @Test
    void continuesWithAFreshProducerAfterTwoThatCannotRecoverAndLosesNone() throws Exception {
        List<DeadAtFirstCommit> opened = new CopyOnWriteArrayList<>();
        StreamsClients.Producers producers = properties -> {
            // The thread that replaces the first dead one dies, too. Awaitility fails where the failure of a thread is
            // uncaught.
            DeadAtFirstCommit producer = new DeadAtFirstCommit(
                    properties, opened.stream().filter(each -> each.dead).count() < 2);
            opened.add(producer);
            return producer;
        };
        try (MiniBatching role = fixture.startWithoutWaiting(Map.of(), settings(), producers)) {
            await().atMost(LIMIT).until(role::check, Health.READY::equals);
            send("first", "boot", 10);
            send("second", "boot", 10);

            fixture.readUntil(() -> fixture.images().size() >= 2);

            assertThat(opened).filteredOn(each -> each.dead).hasSize(2);
            assertReadyOnceItHasNotFailedForLong(role);
        }
        fixture.read();
        assertThat(fixture.images()).containsExactly("first", "second");
    }

    /** What a thread does that closes a fenced producer, or leads a group, while brokers are away: Kafka Streams says that it runs. */
    @Test
    void isNotReadyWhileItsThreadWaitsForSomethingElseThanRecordsOrACommit() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        StreamsClients.Producers producers =
                properties -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            throw new InterruptException(e);
                        }
                        return super.send(record, callback);
                    }
                };
        try (MiniBatching role = fixture.startWithoutWaiting(Map.of(), settings(), producers)) {
            await().atMost(LIMIT).until(role::check, Health.READY::equals);
            send("first", "boot", 10);

            fixture.readUntil(() -> waitsFor(role, "neither asked Kafka for records nor committed"));
            answer.countDown();

            fixture.readUntil(() -> fixture.images().contains("first"));
            await().atMost(LIMIT).until(role::check, Health.READY::equals);
        } finally {
            answer.countDown();
        }
    }

    /** Once its broker has ended the transaction of its first commit, it refuses every call for a transaction. */
    private static final class DeadAtFirstCommit extends KafkaProducer<byte[], byte[]> {
        private final boolean dies;
        private volatile boolean dead;

        DeadAtFirstCommit(Map<String, Object> properties, boolean dies) {
            super(properties, new ByteArraySerializer(), new ByteArraySerializer());
            this.dies = dies;
        }

        @Override
        public void commitTransaction() {
            if (dies && !dead) {
                super.abortTransaction();
                dead = true;
                throw new InvalidTxnStateException(
                        "the producer attempted a transactional operation in an invalid state");
            }
            super.commitTransaction();
        }

        @Override
        public void beginTransaction() {
            refuseIfDead();
            super.beginTransaction();
        }

        @Override
        public void abortTransaction() {
            refuseIfDead();
            super.abortTransaction();
        }

        private void refuseIfDead() {
            if (dead) {
                throw new KafkaException("cannot execute transactional method because we are in an error state");
            }
        }
    }

    private MiniBatchSettings settings() {
        return MiniBatchSettings.defaults().withStateDir(directory);
    }

    private void assertReadyOnceItHasNotFailedForLong(MiniBatching role) {
        fixture.pass(MiniBatching.FAILED_FOR.minusNanos(1));
        assertThat(role.check()).isInstanceOf(Health.NotReady.class);
        fixture.pass(Duration.ofNanos(1));
        await().atMost(LIMIT).until(role::check, Health.READY::equals);
    }

    private boolean bothAreAnswered() {
        return fixture.letters.size() == 1 && fixture.flushed.size() == 1;
    }

    private static boolean waitsFor(MiniBatching role, String text) {
        return role.check() instanceof Health.NotReady notReady
                && notReady.waitingFor().contains(text);
    }

    /** All to one partition, so that their order is known. */
    private void send(String image, String label, int bytes) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(labels, 0, utf8(image), new byte[bytes]);
        record.headers().add("label", utf8(label));
        fixture.sendAndWait(record);
    }
}
