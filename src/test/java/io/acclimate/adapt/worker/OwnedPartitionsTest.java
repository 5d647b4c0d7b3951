package io.acclimate.adapt.worker;

import static io.acclimate.adapt.worker.PartitionsFixture.TOPICS;
import static io.acclimate.adapt.worker.PartitionsFixture.both;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a worker takes, restores and drops partitions, without a broker. */
@Tag("slow")
class OwnedPartitionsTest {
    private static final Duration GROUP_WAITS = Duration.ofMinutes(5);

    private final PartitionsFixture fixture = new PartitionsFixture();
    private final AtomicLong nanos = fixture.nanos;
    private final List<Long> polls = fixture.polls;
    private final Map<Integer, MockProducer<byte[], byte[]>> producers = fixture.producers;
    private final List<Integer> restored = fixture.restored;
    private final MockConsumer<byte[], byte[]> consumer = fixture.consumer;
    private final OwnedPartitions owned = fixture.owned;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void waitsForNothingWhileTheGroupGivesAPartitionAndPausesItUntilItIsRestored() {
        consumer.rebalance(both(0, 1));

        assertThat(restored).isEmpty();
        assertThat(owned.opening()).containsExactlyInAnyOrder(0, 1);
        assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(both(0, 1));
        assertThat(fixture.isProcessed(0)).isFalse();
    }

    @Test
    void processesAPartitionFromItsLastCommitOnceItIsRestored() {
        TopicPartition batches = new TopicPartition(TOPICS.miniBatches(), 1);
        consumer.rebalance(both(1));
        consumer.commitSync(Map.of(batches, new OffsetAndMetadata(17)));

        fixture.advanceUntilRestored();

        assertThat(restored).containsExactly(1);
        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.position(batches)).isEqualTo(17);
        assertThat(fixture.isProcessed(1)).isTrue();
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
        fixture.restoreBy((into, keepMembership) -> {
            for (int domain = 0; domain < 4; domain++) {
                for (int second = 0; second < ofOneDomain.toSeconds(); second++) {
                    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                    keepMembership.beat();
                }
            }
        });

        fixture.give(2);

        assertThat(nanos.get()).isGreaterThan(GROUP_WAITS.toNanos());
        assertThat(longestGap()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(fixture.isProcessed(2)).isTrue();
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
        fixture.give(0);
        fixture.restoreBy((into, keepMembership) -> {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            List<TopicPartition> paused = new ArrayList<>();
            consumer.schedulePollTask(() -> paused.addAll(consumer.paused()));
            keepMembership.beat();
            assertThat(paused).containsExactlyInAnyOrderElementsOf(both(0, 1));
            assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(both(1));
            restored.add(into.partition());
        });

        consumer.rebalance(both(0, 1));
        fixture.advanceUntilRestored();

        assertThat(restored).containsExactly(0, 1);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aPartitionThatIsTakenAwayWhileItIsRestoredIsGivenUp() {
        List<String> steps = new ArrayList<>();
        fixture.restoreBy((into, keepMembership) -> {
            steps.add("begun");
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            consumer.schedulePollTask(() -> consumer.rebalance(List.of()));
            keepMembership.beat();
            steps.add("not reached");
        });

        fixture.give(2);

        assertThat(steps).containsExactly("begun");
        assertThat(owned.owned()).isEmpty();
        assertThat(fixture.isClosed(2)).isTrue();
    }

    @Test
    void aPartitionThatIsDroppedClosesItsProducer() {
        fixture.give(0, 1);

        consumer.rebalance(both(1));

        assertThat(owned.owned()).containsExactly(1);
        assertThat(fixture.isClosed(0)).isTrue();
        assertThat(fixture.isClosed(1)).isFalse();
    }

    @Test
    void workThatLosesThePartitionsAfterItIsNotDoneInThem() {
        fixture.give(0, 1, 2);
        List<Integer> worked = new ArrayList<>();

        owned.attemptEach(each -> true, active -> {
            worked.add(active.partition());
            consumer.schedulePollTask(() -> consumer.rebalance(both(0, 2)));
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            owned.pulse(active).beat();
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            consumer.poll(Duration.ZERO);
        });

        assertThat(worked).containsExactly(0, 2);
    }

    @Test
    void nothingIsToldOfTheDomainsOfAPartitionThatHasLeft() {
        fixture.give(0, 1);
        tell(0, "east");
        tell(1, "west");

        consumer.rebalance(both(1));

        assertThat(fixture.telemetry.total(Meter.PREQUENTIAL_ACCURACY, "east", "active"))
                .isZero();
        assertThat(fixture.telemetry.total(Meter.PREQUENTIAL_ACCURACY, "west", "active"))
                .isEqualTo(0.5);
        owned.close();
        assertThat(fixture.telemetry.total(Meter.PREQUENTIAL_ACCURACY)).isZero();
    }

    /** A round of a domain is committed. */
    private void tell(int partition, String name) {
        DomainId domain = new DomainId(name);
        fixture.meters.owns(partition, domain);
        fixture.meters.committed(new Round(
                List.of(new AdaptationEvent.Trained(
                        domain, AdaptFixture.TIME, 1, 32, 0, 0, 16, 16, 4, 0, Map.of("total", 0.5))),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of()));
    }

    @Test
    void workForAPartitionOfAnotherInstanceIsABug() {
        assertThatThrownBy(() -> owned.attempt(3, active -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("partition 3 is not this worker's");
    }

    @Test
    void closingClosesWhatIsOpenAndWhatIsBeingOpened() {
        fixture.give(0);
        consumer.rebalance(both(0, 1));

        owned.close();

        assertThat(producers.values()).hasSize(2).allMatch(MockProducer::closed);
        assertThat(owned.owned()).isEmpty();
    }
}
