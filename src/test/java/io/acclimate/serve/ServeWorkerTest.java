package io.acclimate.serve;

import static io.acclimate.serve.WorkerFixture.IMAGES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.broker.SlowCommits;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Meter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

class ServeWorkerTest {
    private final ServeSettings settings = ServeSettings.defaults().withWorkers(1);

    @Test
    void oneTransactionHoldsTheAnswersOfAPollAndTheOffsetBehindIt() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            fixture.assign();
            fixture.images(0, 3);
            fixture.stop();

            fixture.worker.run();

            MockProducer<byte[], byte[]> producer = fixture.openedProducers.get(0);
            assertThat(producer.history()).hasSize(3);
            assertThat(producer.commitCount()).isEqualTo(1);
            assertThat(producer.consumerGroupOffsetsHistory()).singleElement().satisfies(groups -> assertThat(
                            groups.values())
                    .singleElement()
                    .satisfies(
                            offsets -> assertThat(offsets).hasEntrySatisfying(IMAGES, each -> assertThat(each.offset())
                                    .isEqualTo(3))));
            assertThat(fixture.takenOver).containsExactly(IMAGES);
            assertThat(fixture.worker.state()).isEqualTo(new WorkerState.Stopped());
            assertThat(producer.closed()).isTrue();
            assertThat(fixture.openedConsumers.get(0).closed()).isTrue();
            lawHolds(fixture);
        }
    }

    @Test
    void anExceptionThatIsNoFailureOfKafkaCommitsNothing() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            AtomicReference<WorkerState> seen = new AtomicReference<>();
            fixture.assign();
            fixture.images(0, 3);
            fixture.models.close();
            fixture.poll(() -> seen.set(fixture.worker.state()));
            fixture.stop();

            fixture.worker.run();

            MockProducer<byte[], byte[]> producer = fixture.openedProducers.get(0);
            assertThat(producer.commitCount()).isZero();
            assertThat(producer.history()).isEmpty();
            assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();
            assertThat(producer.closed()).isTrue();
            assertThat(seen)
                    .hasValue(new WorkerState.Waiting(
                            "another try, after java.lang.IllegalStateException: serving is closed"));
            assertThat(fixture.telemetry.total(Meter.IMAGES_DROPPED)).isEqualTo(3);
            lawHolds(fixture);
        }
    }

    @Test
    void aBatchThatMetAPassingFailureIsAnsweredOnceByTheSameClients() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            MockProducer<byte[], byte[]> producer = WorkerFixture.plainProducer();
            producer.sendException = new IllegalStateException("no memory");
            answersOnceByTheSameClients(fixture, producer, () -> producer.sendException = null);

            assertThat(fixture.worker.state()).isEqualTo(new WorkerState.Stopped());
        }
    }

    @Test
    void clientsInAStateThatAllowsNoAbortAreReplacedAndTheirBatchIsAnsweredOnce() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            MockProducer<byte[], byte[]> dead = WorkerFixture.plainProducer();
            dead.sendException = new IllegalStateException("a transition that is not allowed");
            dead.abortTransactionException = new IllegalStateException("a transition that is not allowed either");
            fixture.producers.add(dead);
            fixture.assign();
            fixture.images(0, 3);
            fixture.newConsumer();
            fixture.assign();
            fixture.images(0, 3);
            fixture.stop();

            fixture.worker.run();

            assertThat(fixture.openedProducers).hasSize(2).allMatch(MockProducer::closed);
            assertThat(fixture.committed())
                    .extracting(record -> new String(record.key(), UTF_8))
                    .containsExactly("image-0", "image-1", "image-2");
            lawHolds(fixture);
        }
    }

    @Test
    void aWorkerWhoseFailedBatchWentToAnotherOneWaitsForNothing() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            AtomicReference<WorkerState> before = new AtomicReference<>();
            AtomicReference<WorkerState> after = new AtomicReference<>();
            MockProducer<byte[], byte[]> producer = WorkerFixture.plainProducer();
            producer.sendException = new IllegalStateException("no memory");
            fixture.producers.add(producer);
            fixture.assign();
            fixture.images(0, 3);
            MockConsumer<byte[], byte[]> consumer = fixture.consumers.getLast();
            fixture.poll(() -> {
                before.set(fixture.worker.state());
                consumer.rebalance(List.of());
            });
            fixture.poll(() -> after.set(fixture.worker.state()));
            fixture.stop();

            fixture.worker.run();

            assertThat(before.get())
                    .isInstanceOfSatisfying(WorkerState.Waiting.class, waiting -> assertThat(waiting.waitingFor())
                            .startsWith("another try"));
            assertThat(after).as("a mock has no connection").hasValue(new WorkerState.Waiting(Connections.MISSING));
        }
    }

    @Test
    void anErrorStopsTheWorker() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            fixture.assign();
            fixture.poll(() -> {
                throw new StackOverflowError("too deep");
            });

            fixture.worker.run();

            assertThat(fixture.openedProducers).singleElement().matches(MockProducer::closed);
            assertThat(fixture.worker.state()).isEqualTo(new WorkerState.Failed("too deep"));
        }
    }

    @Test
    void aFencedWorkerStopsAtTheThirdTimeInARow() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            for (int i = 0; i < 9; i++) {
                MockProducer<byte[], byte[]> fenced = WorkerFixture.plainProducer();
                fenced.initTransactionException = new ProducerFencedException("a younger producer has the name");
                fixture.producers.add(fenced);
            }

            fixture.worker.run();

            assertThat(fixture.openedProducers).hasSize(3).allMatch(MockProducer::closed);
            assertThat(fixture.worker.state())
                    .isInstanceOfSatisfying(WorkerState.Failed.class, failed -> assertThat(failed.reason())
                            .contains("fenced 3 times", "transactional id worker"));
            assertThat(fixture.telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve"))
                    .isEqualTo(3);
        }
    }

    @Test
    void aBatchWhoseCommitFailsIsReadAgainAndAnsweredOnce() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            MockProducer<byte[], byte[]> producer = WorkerFixture.plainProducer();
            producer.sendOffsetsToTransactionException = new CommitFailedException("the group has rebalanced");
            answersOnceByTheSameClients(fixture, producer, () -> producer.sendOffsetsToTransactionException = null);

            assertThat(fixture.telemetry.total(Meter.IMAGES_DROPPED)).isEqualTo(3);
        }
    }

    /** Three images whose first transaction fails. */
    private static void answersOnceByTheSameClients(
            WorkerFixture fixture, MockProducer<byte[], byte[]> producer, Runnable passes) {
        fixture.producers.add(producer);
        fixture.assign();
        fixture.images(0, 3);
        fixture.poll(passes);
        fixture.images(0, 3);
        fixture.stop();

        fixture.worker.run();

        assertThat(fixture.openedProducers).as("clients that need no replacing").containsExactly(producer);
        assertThat(producer.history())
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly("image-0", "image-1", "image-2");
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(fixture.telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve")).isEqualTo(1);
        lawHolds(fixture);
    }

    @Test
    void aProducerThatCannotRecoverIsReplacedAndItsBatchIsAnsweredOnce() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            MockProducer<byte[], byte[]> dead = WorkerFixture.plainProducer();
            dead.commitTransactionException = new InvalidTxnStateException(
                    "the producer attempted a transactional operation in an invalid state");
            dead.abortTransactionException = new KafkaException("in an error state", dead.commitTransactionException);
            fixture.producers.add(dead);
            fixture.assign();
            fixture.images(0, 3);
            fixture.newConsumer();
            fixture.assign();
            fixture.images(0, 3);
            fixture.stop();

            fixture.worker.run();

            assertThat(fixture.openedProducers).hasSize(2).allMatch(MockProducer::closed);
            assertThat(fixture.committed())
                    .extracting(record -> new String(record.key(), UTF_8))
                    .containsExactly("image-0", "image-1", "image-2");
            assertThat(fixture.worker.state()).isEqualTo(new WorkerState.Stopped());
            lawHolds(fixture);
        }
    }

    @Test
    void afterAnAbortReadingGoesBackToTheCommittedOffsetAndNotToTheBeginning() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            MockProducer<byte[], byte[]> producer = WorkerFixture.plainProducer();
            fixture.producers.add(producer);
            fixture.assign();
            fixture.images(0, 2);
            MockConsumer<byte[], byte[]> consumer = fixture.consumers.getLast();
            fixture.poll(() -> {
                consumer.commitSync(Map.of(IMAGES, new OffsetAndMetadata(2)));
                producer.sendOffsetsToTransactionException = new CommitFailedException("the group has rebalanced");
                consumer.addRecord(WorkerFixture.image(2));
            });
            AtomicLong position = new AtomicLong();
            fixture.poll(() -> position.set(consumer.position(IMAGES)));
            fixture.stop();

            fixture.worker.run();

            assertThat(position).hasValue(2);
        }
    }

    @Test
    void clientsThatCannotBeOpenedAreAskedForAgain() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            MockProducer<byte[], byte[]> denied = WorkerFixture.plainProducer();
            denied.initTransactionException = new TransactionalIdAuthorizationException("no");
            fixture.producers.add(denied);
            fixture.newConsumer();
            fixture.assign();
            fixture.images(0, 1);
            fixture.stop();

            fixture.worker.run();

            assertThat(fixture.openedConsumers).hasSize(2).allMatch(MockConsumer::closed);
            assertThat(denied.closed()).isTrue();
            assertThat(fixture.committed()).hasSize(1);
        }
    }

    @Test
    void aWorkerWhoseConsumerHasNoBrokerSaysThatItWaits() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            AtomicReference<WorkerState> seen = new AtomicReference<>();
            fixture.assign();
            fixture.poll(() -> seen.set(fixture.worker.state()));
            fixture.stop();

            fixture.worker.run();

            assertThat(seen).hasValue(new WorkerState.Waiting(Connections.MISSING));
        }
    }

    @Test
    void aCommitWithoutAnAnswerIsLeftToNewClientsAndNotAborted() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(settings)) {
            SlowCommits slow = new SlowCommits(1);
            fixture.producers.add(slow);
            fixture.assign();
            MockConsumer<byte[], byte[]> consumer = fixture.consumers.getLast();
            fixture.poll(() -> {
                consumer.addRecord(WorkerFixture.image(0));
                fixture.worker.stop();
            });

            fixture.worker.run();

            assertThat(slow.calls()).containsExactly("commit", "close");
            assertThat(fixture.worker.state()).isEqualTo(new WorkerState.Stopped());
            assertThat(fixture.telemetry.total(Meter.IMAGES_DROPPED)).isEqualTo(1);
        }
    }

    private static void lawHolds(WorkerFixture fixture) {
        assertThat(fixture.telemetry.total(Meter.IMAGES_RECEIVED))
                .isEqualTo(fixture.telemetry.total(Meter.PREDICTIONS)
                        + fixture.telemetry.total(Meter.DEAD_LETTERS, "serve")
                        + fixture.inFlight.get()
                        + fixture.telemetry.total(Meter.IMAGES_DROPPED));
        assertThat(fixture.inFlight).hasValue(0);
    }
}
