package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.ClassNames;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The partitions of a worker without a broker: the group's decisions, the clock and the restores are the test's. */
@Tag("slow")
class OwnedPartitionsTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Duration GROUP_WAITS = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong();
    private final List<Long> polls = new ArrayList<>();
    private final Map<Integer, MockProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();
    private final Map<Integer, RuntimeException> refused = new ConcurrentHashMap<>();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final List<Integer> restored = new ArrayList<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.add(nanos.get());
            return super.poll(timeout);
        }
    };
    private OwnedPartitions.Restoring restoring = (into, keepMembership) -> restored.add(into.partition());
    private final OwnedPartitions owned = new OwnedPartitions(
            consumer,
            TOPICS,
            (into, keepMembership) -> restoring.restore(into, keepMembership),
            this::open,
            new Failures(TOPICS, AdaptSettings.defaults()),
            new Meters(telemetry, new ClassNames(List.of("cat"))),
            nanos::get);

    private Outbox open(int partition) {
        RuntimeException failure = refused.get(partition);
        if (failure != null) {
            throw failure;
        }
        MockProducer<byte[], byte[]> producer = new MockProducer<>();
        producer.initTransactions();
        producers.put(partition, producer);
        return new Outbox(producer, () -> true, new CommitWatch(), () -> {});
    }

    private boolean isClosed(int partition) {
        MockProducer<byte[], byte[]> producer = producers.get(partition);
        return producer != null && producer.closed();
    }

    @BeforeEach
    void subscribe() {
        consumer.subscribe(List.of(TOPICS.miniBatches(), TOPICS.modelControl()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                owned.drop(revoked);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> given) {
                owned.take(given);
            }
        });
        Map<TopicPartition, Long> offsets = new HashMap<>();
        both(0, 1, 2, 3).forEach(each -> offsets.put(each, 0L));
        consumer.updateBeginningOffsets(offsets);
        consumer.updateEndOffsets(offsets);
    }

    @AfterEach
    void close() {
        owned.close();
    }

    private static List<TopicPartition> both(int... partitions) {
        return IntStream.of(partitions)
                .boxed()
                .flatMap(each -> Stream.of(
                        new TopicPartition(TOPICS.miniBatches(), each),
                        new TopicPartition(TOPICS.modelControl(), each)))
                .toList();
    }

    /** Polls and advances as the worker's loop does, until nothing is opened any more. */
    private void advanceUntilRestored() {
        await().until(() -> {
            consumer.poll(Duration.ZERO);
            owned.advance();
            return owned.opening().isEmpty();
        });
    }

    private void give(int... partitions) {
        consumer.rebalance(both(partitions));
        advanceUntilRestored();
    }

    private boolean isProcessed(int partition) {
        List<Integer> processed = new ArrayList<>();
        owned.attempt(partition, active -> processed.add(active.partition()));
        return !processed.isEmpty();
    }

    @Test
    void waitsForNothingWhileTheGroupGivesAPartitionAndPausesItUntilItIsRestored() {
        consumer.rebalance(both(0, 1));

        assertThat(restored).isEmpty();
        assertThat(owned.opening()).containsExactlyInAnyOrder(0, 1);
        assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(both(0, 1));
        assertThat(isProcessed(0)).isFalse();
    }

    @Test
    void processesAPartitionFromItsLastCommitOnceItIsRestored() {
        TopicPartition batches = new TopicPartition(TOPICS.miniBatches(), 1);
        consumer.rebalance(both(1));
        consumer.commitSync(Map.of(batches, new OffsetAndMetadata(17)));

        advanceUntilRestored();

        assertThat(restored).containsExactly(1);
        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.position(batches)).isEqualTo(17);
        assertThat(isProcessed(1)).isTrue();
    }

    @Test
    void restoresOnePartitionBetweenTwoPollsSoThatTheOthersAreProcessed() {
        consumer.rebalance(both(0, 1, 2, 3));
        await().until(() -> producers.size() == 4);

        await().until(() -> {
            owned.advance();
            return !restored.isEmpty();
        });

        assertThat(restored).hasSize(1);
    }

    @Test
    void fourSlowDomainsDoNotCostTheMembership() {
        Duration ofOneDomain = Duration.ofSeconds(100);
        restoring = (into, keepMembership) -> {
            for (int domain = 0; domain < 4; domain++) {
                for (int second = 0; second < ofOneDomain.toSeconds(); second++) {
                    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                    keepMembership.beat();
                }
            }
        };

        give(2);

        assertThat(nanos.get()).isGreaterThan(GROUP_WAITS.toNanos());
        assertThat(longestGap()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(isProcessed(2)).isTrue();
    }

    private Duration longestGap() {
        List<Long> all = new ArrayList<>(polls);
        all.add(nanos.get());
        return Duration.ofNanos(IntStream.range(1, all.size())
                .mapToLong(i -> all.get(i) - all.get(i - 1))
                .max()
                .orElse(0));
    }

    @Test
    void whileOneIsRestoredNoRecordOfAnotherIsTakenAndItIsResumedAfterwards() {
        give(0);
        restoring = (into, keepMembership) -> {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            List<TopicPartition> paused = new ArrayList<>();
            consumer.schedulePollTask(() -> paused.addAll(consumer.paused()));
            keepMembership.beat();
            assertThat(paused).containsExactlyInAnyOrderElementsOf(both(0, 1));
            assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(both(1));
            restored.add(into.partition());
        };

        consumer.rebalance(both(0, 1));
        advanceUntilRestored();

        assertThat(restored).containsExactly(0, 1);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aPartitionThatIsTakenAwayWhileItIsRestoredIsGivenUp() {
        List<String> steps = new ArrayList<>();
        restoring = (into, keepMembership) -> {
            steps.add("begun");
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            consumer.schedulePollTask(() -> consumer.rebalance(List.of()));
            keepMembership.beat();
            steps.add("not reached");
        };

        give(2);

        assertThat(steps).containsExactly("begun");
        assertThat(owned.owned()).isEmpty();
        assertThat(isClosed(2)).isTrue();
    }

    @Test
    void onePartitionsFailureSuspendsThatOneAndSaysWhatToDo() {
        give(0, 1);

        owned.attempt(0, active -> {
            throw new TopicAuthorizationException(Set.of(TOPICS.deadLetters()));
        });

        assertThat(isProcessed(0)).isFalse();
        assertThat(isProcessed(1)).isTrue();
        assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(both(0));
        assertThat(isClosed(0)).isTrue();
        assertThat(telemetry.total(Meter.PARTITIONS_SUSPENDED)).isOne();
        assertThat(owned.suspended()).hasValueSatisfying(text -> assertThat(text)
                .contains("partition 0 of mini-batches")
                .contains("grant WRITE on topic dead-letters"));
    }

    @Test
    void aSuspendedPartitionIsRestoredAgainAfterItsPauseAndCountsAsSuspendedUntilItsNextCommit() {
        give(0);
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
        assertThat(isProcessed(0)).isTrue();
        assertThat(owned.suspended()).isEmpty();
        assertThat(telemetry.total(Meter.PARTITIONS_SUSPENDED)).isZero();
    }

    /** Kafka 4.4.0 with {@code transaction.version=2} once answered a producer that sent fast in this way. */
    @Test
    void aProducerThatCannotRecoverIsReplacedByOneThatCommits() {
        give(0);
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
    void aTryOnAPartitionWithNothingToReadHasSucceeded() {
        give(0);
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
        restoring = (into, keepMembership) -> {
            restored.add(into.partition());
            throw new IllegalStateException("damaged");
        };
        give(0);
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

        give(0, 1);

        assertThat(isProcessed(0)).isFalse();
        assertThat(isProcessed(1)).isTrue();
        assertThat(owned.suspended())
                .hasValueSatisfying(text -> assertThat(text).contains("model-weights"));
    }

    @Test
    void aFailureOfTheMembershipIsTheInstancesAndSuspendsNothing() {
        give(0);

        assertThatThrownBy(() -> owned.attempt(0, active -> {
                    throw new CommitFailedException("the group has moved on");
                }))
                .isInstanceOf(CommitFailedException.class);
        assertThat(owned.suspended()).isEmpty();
    }

    @Test
    void aRestoreWithoutAnAnswerEndsTheWorkerAndLeavesNoProducerOpen() {
        restoring = (into, keepMembership) -> {
            throw new TimeoutException("no answer");
        };

        assertThatThrownBy(() -> give(0)).isInstanceOf(TimeoutException.class);
        assertThat(isClosed(0)).isTrue();
    }

    @Test
    void aPartitionThatIsDroppedClosesItsProducer() {
        give(0, 1);

        consumer.rebalance(both(1));

        assertThat(owned.owned()).containsExactly(1);
        assertThat(isClosed(0)).isTrue();
        assertThat(isClosed(1)).isFalse();
    }

    @Test
    void workForAPartitionOfAnotherInstanceIsABug() {
        assertThatThrownBy(() -> owned.attempt(3, active -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("partition 3 is not this worker's");
    }

    @Test
    void closingClosesWhatIsOpenAndWhatIsBeingOpened() {
        give(0);
        consumer.rebalance(both(0, 1));

        owned.close();

        assertThat(producers.values()).hasSize(2).allMatch(MockProducer::closed);
        assertThat(owned.owned()).isEmpty();
    }
}
