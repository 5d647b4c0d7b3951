package io.acclimate.adapt.worker;

import static io.acclimate.adapt.worker.PartitionsFixture.TOPICS;
import static io.acclimate.adapt.worker.PartitionsFixture.both;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a failure does to its partition and to the others: of work, of a restore, of a producer or of the group. No broker is needed. */
@Tag("slow")
class OwnedPartitionsFaultTest {
    private final PartitionsFixture fixture = new PartitionsFixture();
    private final AtomicLong nanos = fixture.nanos;
    private final Map<Integer, MockProducer<byte[], byte[]>> producers = fixture.producers;
    private final Map<Integer, RuntimeException> refused = fixture.refused;
    private final Telemetry telemetry = fixture.telemetry;
    private final List<Integer> restored = fixture.restored;
    private final MockConsumer<byte[], byte[]> consumer = fixture.consumer;
    private final OwnedPartitions owned = fixture.owned;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void onePartitionsFailureSuspendsThatOneAndSaysWhatToDo() {
        fixture.give(0, 1);

        owned.attempt(0, active -> {
            throw new TopicAuthorizationException(Set.of(TOPICS.deadLetters()));
        });

        assertThat(fixture.isProcessed(0)).isFalse();
        assertThat(fixture.isProcessed(1)).isTrue();
        assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(both(0));
        assertThat(fixture.isClosed(0)).isTrue();
        assertThat(telemetry.total(Meter.PARTITIONS_SUSPENDED)).isOne();
        assertThat(owned.suspended()).hasValueSatisfying(text -> assertThat(text)
                .contains("partition 0 of mini-batches")
                .contains("grant WRITE on topic dead-letters"));
    }

    @Test
    void aSuspendedPartitionIsRestoredAgainAfterItsPauseAndCountsAsSuspendedUntilItsNextCommit() {
        fixture.give(0);
        consumer.updateEndOffsets(Map.of(new TopicPartition(TOPICS.miniBatches(), 0), 5L));
        owned.attempt(0, active -> {
            throw new IllegalStateException("damaged");
        });
        owned.advance();
        assertThat(restored).containsExactly(0);
        nanos.addAndGet(Suspension.FIRST.toNanos());

        await().until(() -> {
            owned.advance();
            return restored.size() == 2;
        });

        assertThat(owned.suspended()).isPresent();
        assertThat(fixture.isProcessed(0)).isTrue();
        assertThat(owned.suspended()).isEmpty();
        assertThat(telemetry.total(Meter.PARTITIONS_SUSPENDED)).isZero();
    }

    /** Kafka 4.4.0 with {@code transaction.version=2} once answered a producer that sent fast in this way. */
    @Test
    void aProducerThatCannotRecoverIsReplacedByOneThatCommits() {
        fixture.give(0);
        MockProducer<byte[], byte[]> dead = Objects.requireNonNull(producers.get(0));
        dead.commitTransactionException = new InvalidTxnStateException("invalid transaction state");
        dead.abortTransactionException = new KafkaException("in an error state", dead.commitTransactionException);
        OwnedPartitions.Work round =
                active -> active.outbox().transaction(producer -> {}, Map.of(), consumer.groupMetadata());
        owned.attempt(0, round);
        assertThat(dead.closed()).isTrue();
        assertThat(dead.transactionCommitted()).isFalse();
        nanos.addAndGet(Suspension.FIRST.toNanos());
        await().until(() -> {
            owned.advance();
            return restored.size() == 2;
        });

        owned.attempt(0, round);

        assertThat(producers.get(0)).isNotSameAs(dead).matches(MockProducer::transactionCommitted);
        assertThat(owned.suspended()).isEmpty();
    }

    @Test
    void roundsThatWereDoneBeforeTheOneThatFailedAreCommitted() {
        fixture.give(0);
        MockProducer<byte[], byte[]> producer = Objects.requireNonNull(producers.get(0));

        owned.attempt(0, active -> {
            hold(active, () -> {});
            throw new IllegalStateException("damaged");
        });

        assertThat(producer.transactionCommitted()).isTrue();
        assertThat(owned.suspended()).isPresent();
    }

    @Test
    void aCommitOfRoundsBeforeTheOneThatFailedIsNotTakenBackWhenItIsNotAnswered() {
        fixture.give(0);
        MockProducer<byte[], byte[]> producer = Objects.requireNonNull(producers.get(0));
        producer.sendOffsetsToTransactionException = new TimeoutException("no answer");

        owned.attempt(0, active -> {
            active.outbox()
                    .hold(new Outbox.Held(
                            to -> {},
                            Map.of(new TopicPartition(TOPICS.miniBatches(), 0), new OffsetAndMetadata(1)),
                            Instant.EPOCH,
                            1,
                            () -> {}));
            throw new IllegalStateException("damaged");
        });

        assertThat(producer.transactionAborted()).isFalse();
        assertThat(owned.suspended())
                .hasValueSatisfying(text -> assertThat(text).contains("damaged"));
        await("a successor that ends the transaction without waiting for the pause")
                .until(() -> producers.get(0) != producer);
    }

    @Test
    void theRoundsOfATransactionThatFailedAreCommittedOneByOneNextTime() {
        fixture.give(0, 1);
        IllegalStateException tooLarge = new IllegalStateException("too large");
        owned.attempt(0, active -> {
            hold(active, () -> {});
            hold(active, () -> {
                throw tooLarge;
            });
            active.outbox().commit(consumer.groupMetadata());
        });
        nanos.addAndGet(Suspension.FIRST.toNanos());
        await().until(() -> {
            owned.advance();
            return restored.size() == 3;
        });

        owned.attempt(0, active -> assertThat(active.singly()).isEqualTo(2));
        owned.attempt(1, active -> assertThat(active.singly()).isZero());
        assertThat(owned.suspended()).isEmpty();
    }

    private static void hold(ActivePartition active, Runnable writes) {
        active.outbox().hold(new Outbox.Held(to -> writes.run(), Map.of(), Instant.EPOCH, 1, () -> {}));
    }

    @Test
    void aTryOnAPartitionWithNothingToReadHasSucceeded() {
        fixture.give(0);
        owned.attempt(0, active -> {
            throw new IllegalStateException("damaged");
        });
        nanos.addAndGet(Suspension.FIRST.toNanos());

        await().until(() -> {
            owned.advance();
            return owned.suspended().isEmpty();
        });

        assertThat(restored).containsExactly(0, 0);
    }

    @Test
    void aRestoreThatFailsSuspendsItsPartitionForTwiceAsLongEachTime() {
        fixture.restoreBy((into, keepMembership) -> {
            restored.add(into.partition());
            throw new IllegalStateException("damaged");
        });
        fixture.give(0);
        assertThat(restored).hasSize(1);
        nanos.addAndGet(Suspension.FIRST.toNanos());
        await().until(() -> {
            owned.advance();
            return restored.size() == 2;
        });

        nanos.addAndGet(Suspension.FIRST.toNanos());
        owned.advance();

        assertThat(restored).hasSize(2);
        assertThat(telemetry.total(Meter.TRANSACTIONS_ABORTED)).isEqualTo(2);
    }

    @Test
    void anOutboxThatIsDeniedSuspendsItsPartition() {
        refused.put(0, new TopicAuthorizationException(Set.of(TOPICS.modelWeights())));

        fixture.give(0, 1);

        assertThat(fixture.isProcessed(0)).isFalse();
        assertThat(fixture.isProcessed(1)).isTrue();
        assertThat(owned.suspended())
                .hasValueSatisfying(text -> assertThat(text).contains("model-weights"));
    }

    @Test
    void aFailureOfTheMembershipIsTheInstancesAndSuspendsNothing() {
        fixture.give(0);

        assertThatThrownBy(() -> owned.attempt(0, active -> {
                    throw new CommitFailedException("the group has moved on");
                }))
                .isInstanceOf(CommitFailedException.class);
        assertThat(owned.suspended()).isEmpty();
    }

    @Test
    void aRestoreWithoutAnAnswerEndsTheWorkerAndLeavesNoProducerOpen() {
        fixture.restoreBy((into, keepMembership) -> {
            throw new TimeoutException("no answer");
        });

        assertThatThrownBy(() -> fixture.give(0)).isInstanceOf(TimeoutException.class);
        assertThat(fixture.isClosed(0)).isTrue();
    }
}
