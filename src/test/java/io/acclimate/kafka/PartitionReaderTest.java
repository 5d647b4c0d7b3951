package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionReaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final TopicPartition P0 = new TopicPartition("mini-batches", 0);
    private static final TopicPartition P1 = new TopicPartition("mini-batches", 1);

    private final AtomicLong nanos = new AtomicLong();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PartitionReader reader =
            new PartitionReader(consumer, PATIENCE, nanos::get, PartitionReader.Pulse.NONE);
    private final List<Long> read = new ArrayList<>();

    @Test
    void readsForLongerThanItsPatienceWhileThePositionMoves() {
        keeps(P0, 0, 10);
        for (long offset = 0; offset < 10; offset++) {
            long next = offset;
            poll(Duration.ofSeconds(1), () -> consumer.addRecord(record(P0, next)));
        }

        ReadSummary summary = reader.read(new OffsetRange(P0, 0, 10), record -> read.add(record.offset()));

        assertThat(read).containsExactlyElementsOf(offsets(0, 10));
        assertThat(summary).isEqualTo(new ReadSummary(0, 10, 80, Duration.ofSeconds(10)));
    }

    @Test
    void aGapWithoutRecordsIsProgressToo() {
        keeps(P0, 0, 50);
        for (int i = 1; i <= 5; i++) {
            long position = i * 10L;
            poll(Duration.ofSeconds(2), () -> consumer.seek(P0, position));
        }

        ReadSummary summary = reader.read(new OffsetRange(P0, 0, 50), record -> read.add(record.offset()));

        assertThat(read).isEmpty();
        assertThat(summary.took()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void failsAfterItsPatienceWithoutProgressAndSaysWhere() {
        keeps(P0, 0, 10);
        poll(Duration.ofSeconds(1), () -> consumer.addRecord(record(P0, 0)));
        for (int i = 0; i < 4; i++) {
            poll(Duration.ofSeconds(1), () -> {});
        }

        assertThatThrownBy(() -> reader.read(new OffsetRange(P0, 0, 10), record -> read.add(record.offset())))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("mini-batches-0 from offset 0 to 10 at offset 1")
                .hasMessageContaining("no progress for PT3S after 1 records")
                .hasMessageContaining("a transaction that began before is still open");
    }

    @Test
    void aBrokerThatDoesNotSayWhatItKeepsIsNamedWithTheRange() {
        keeps(P0, 0, 10);
        consumer.setOffsetsException(new TimeoutException("no answer"));

        assertThatThrownBy(() -> reader.read(new OffsetRange(P0, 3, 10), record -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("reading mini-batches-0 from offset 3 to 10 at offset 3: no answer");
    }

    @Test
    void leavesOutWhatLiesBeyondTheRange() {
        keeps(P0, 0, 10);
        poll(Duration.ZERO, () -> offsets(0, 10).forEach(each -> consumer.addRecord(record(P0, each))));

        reader.read(new OffsetRange(P0, 2, 5), record -> read.add(record.offset()));

        assertThat(read).containsExactly(2L, 3L, 4L);
    }

    @Test
    void beginsWhereThePartitionBeginsWhenEarlierRecordsAreGone() {
        keeps(P0, 7, 9);
        poll(Duration.ZERO, () -> offsets(7, 9).forEach(each -> consumer.addRecord(record(P0, each))));

        ReadSummary summary = reader.read(new OffsetRange(P0, 0, 9), record -> read.add(record.offset()));

        assertThat(read).containsExactly(7L, 8L);
        assertThat(summary.first()).isEqualTo(7);
    }

    @Test
    void anEmptyRangeNeedsNoPoll() {
        keeps(P0, 0, 10);
        consumer.schedulePollTask(() -> read.add(-1L));

        ReadSummary summary = reader.read(new OffsetRange(P0, 4, 4), record -> read.add(record.offset()));

        assertThat(read).isEmpty();
        assertThat(summary.records()).isZero();
    }

    @Test
    void readsSeveralPartitionsEachToItsOwnEnd() {
        keeps(P0, 0, 1);
        keeps(P1, 0, 2);
        List<Map<TopicPartition, Long>> positions = new ArrayList<>();
        poll(Duration.ZERO, () -> consumer.addRecord(record(P0, 0)));
        poll(Duration.ZERO, () -> offsets(0, 5).forEach(each -> consumer.addRecord(record(P1, each))));

        reader.read(reader.everything(List.of(P0, P1)), (records, at) -> {
            records.forEach(each -> read.add(each.partition() * 100L + each.offset()));
            positions.add(at);
        });

        assertThat(read).containsExactly(0L, 100L, 101L);
        assertThat(positions).containsExactly(Map.of(P0, 1L, P1, 0L), Map.of(P0, 1L, P1, 2L));
    }

    @Test
    void readsTheSamePartitionAgain() {
        FakeLog log = new FakeLog();
        offsets(0, 3).forEach(each -> log.put(P0, each, new byte[1], new byte[1]));
        PartitionReader again = new PartitionReader(
                log, PATIENCE, () -> nanos.addAndGet(PATIENCE.toNanos()), PartitionReader.Pulse.NONE);
        again.read(new OffsetRange(P0, 0, 2), record -> {});

        again.read(new OffsetRange(P0, 0, 3), record -> read.add(record.offset()));

        assertThat(read).containsExactly(0L, 1L, 2L);
    }

    @Test
    void refusesTwoRangesOfOnePartition() {
        List<OffsetRange> twice = List.of(new OffsetRange(P0, 0, 1), new OffsetRange(P0, 5, 6));

        assertThatThrownBy(() -> reader.read(twice, (records, positions) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most one range of each partition");
    }

    @Test
    void picksWantedOffsetsAndSeeksAcrossTheGapBetweenThem() {
        keeps(P0, 0, 10_000);
        List<Long> asked = new ArrayList<>();
        poll(Duration.ZERO, () -> {
            asked.add(consumer.position(P0));
            offsets(3, 6).forEach(each -> consumer.addRecord(record(P0, each)));
        });
        poll(Duration.ZERO, () -> {
            asked.add(consumer.position(P0));
            consumer.addRecord(record(P0, 9_000));
        });

        ReadSummary summary = reader.pick(
                new OffsetRange(P0, 0, 10_000), List.of(9_000L, 3L, 5L), record -> read.add(record.offset()));

        assertThat(read).containsExactly(3L, 5L, 9_000L);
        assertThat(asked).containsExactly(3L, 9_000L);
        assertThat(summary.records()).isEqualTo(3);
    }

    @Test
    void readsThroughAGapThatTheNextFetchBringsAnyway() {
        keeps(P0, 0, 100);
        List<Long> asked = new ArrayList<>();
        poll(Duration.ZERO, () -> offsets(0, 4).forEach(each -> consumer.addRecord(record(P0, each))));
        poll(Duration.ZERO, () -> {
            asked.add(consumer.position(P0));
            offsets(4, 8).forEach(each -> consumer.addRecord(record(P0, each)));
        });

        reader.pick(new OffsetRange(P0, 0, 100), List.of(0L, 7L), record -> read.add(record.offset()));

        assertThat(read).containsExactly(0L, 7L);
        assertThat(asked).containsExactly(4L);
    }

    @Test
    void picksNothingOutsideTheRange() {
        keeps(P0, 0, 100);

        ReadSummary summary =
                reader.pick(new OffsetRange(P0, 10, 20), List.of(9L, 20L), record -> read.add(record.offset()));

        assertThat(read).isEmpty();
        assertThat(summary.records()).isZero();
    }

    @Test
    void anOffsetWithoutARecordIsLeftOut() {
        keeps(P0, 0, 100);
        poll(Duration.ZERO, () -> consumer.addRecord(record(P0, 12)));

        reader.pick(new OffsetRange(P0, 0, 100), List.of(10L, 11L, 12L), record -> read.add(record.offset()));

        assertThat(read).containsExactly(12L);
    }

    @Test
    void beatsAfterEachPollAndEndsWithWhatThePulseThrows() {
        keeps(P0, 0, 10);
        PartitionReader watched = new PartitionReader(consumer, PATIENCE, nanos::get, () -> {
            throw new IllegalStateException("the partition was lost");
        });
        poll(Duration.ZERO, () -> consumer.addRecord(record(P0, 0)));

        assertThatThrownBy(() -> watched.read(new OffsetRange(P0, 0, 10), record -> read.add(record.offset())))
                .hasMessage("the partition was lost");
        assertThat(read).containsExactly(0L);
    }

    @Test
    void refusesPatienceThatIsNotPositiveAndOffsetsBelowZero() {
        assertThatThrownBy(() -> new PartitionReader(consumer, Duration.ZERO))
                .hasMessage("patience is positive, got PT0S");
        assertThatThrownBy(() -> new OffsetRange(P0, -1, 3))
                .hasMessage("offsets of mini-batches-0 are not negative, got -1 to 3");
    }

    private void keeps(TopicPartition partition, long begin, long end) {
        Map<TopicPartition, Long> begins = new HashMap<>(Map.of(partition, begin));
        consumer.updateBeginningOffsets(begins);
        consumer.updateEndOffsets(Map.of(partition, end));
    }

    private void poll(Duration takes, Runnable task) {
        consumer.schedulePollTask(() -> {
            nanos.addAndGet(takes.toNanos());
            task.run();
        });
    }

    private static List<Long> offsets(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition at, long offset) {
        return new ConsumerRecord<>(
                at.topic(),
                at.partition(),
                offset,
                0L,
                TimestampType.CREATE_TIME,
                3,
                5,
                "key".getBytes(StandardCharsets.UTF_8),
                "value".getBytes(StandardCharsets.UTF_8),
                new RecordHeaders(),
                Optional.empty());
    }
}
