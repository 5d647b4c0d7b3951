package io.acclimate.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads bounded ranges of partitions with a consumer that is in no group. The isolation level is the consumer's.
 *
 * <p>Patience counts from the last progress and not from the beginning, so a range may be as long as it likes. A position that
 * moves is progress even when no record arrives: aborted and compacted records take time as well. A limit on the whole read
 * was tried before and made every range that takes longer impossible to read, however often it was tried.
 *
 * <p>One thread at a time. The caller owns the consumer and closes it.
 */
public final class PartitionReader {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Consumer<byte[], byte[]> consumer;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Pulse pulse;

    /**
     * Reads by the system's clock.
     *
     * @param patience after which a read that makes no progress fails
     */
    public PartitionReader(Consumer<byte[], byte[]> consumer, Duration patience) {
        this(consumer, patience, System::nanoTime, Pulse.NONE);
    }

    /**
     * Reads by another clock, for a caller that has something to do meanwhile.
     *
     * @param patience after which a read that makes no progress fails
     * @param nanos a monotonic clock, as {@code System.nanoTime}
     */
    public PartitionReader(Consumer<byte[], byte[]> consumer, Duration patience, LongSupplier nanos, Pulse pulse) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience is positive, got " + patience);
        }
        this.consumer = consumer;
        this.patience = patience;
        this.nanos = nanos;
        this.pulse = pulse;
    }

    /** Is called between the polls of a long read. What it throws ends the read. */
    @FunctionalInterface
    public interface Pulse {
        Pulse NONE = () -> {};

        void beat();
    }

    /** Takes records one by one, in the order of their partition. */
    @FunctionalInterface
    public interface RecordSink {
        void accept(ConsumerRecord<byte[], byte[]> record);
    }

    /** Takes the records of one poll, which may be none, and the position after them in every partition that is read. */
    @FunctionalInterface
    public interface BatchSink {
        void accept(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Long> positions);
    }

    /** Reads one range. */
    public ReadSummary read(OffsetRange range, RecordSink each) {
        return read(List.of(range), (records, positions) -> records.forEach(each::accept));
    }

    /** Reads several ranges at once, at most one of each partition. */
    public ReadSummary read(Collection<OffsetRange> ranges, BatchSink sink) {
        return run(
                ranges.stream()
                        .map(range -> new Cursor(range, Optional.empty()))
                        .toList(),
                sink);
    }

    /**
     * Reads only the records at {@code offsets}, and skips what lies between them by a seek where that spares a fetch. Offsets
     * at which no record is kept are left out in silence.
     *
     * @param range outside of which no offset is looked for
     */
    public ReadSummary pick(OffsetRange range, Collection<Long> offsets, RecordSink each) {
        NavigableSet<Long> wanted = new TreeSet<>(offsets);
        wanted.removeIf(offset -> offset < range.from() || offset >= range.to());
        if (wanted.isEmpty()) {
            return new ReadSummary(range.from(), 0, 0, Duration.ZERO);
        }
        OffsetRange span = new OffsetRange(range.partition(), wanted.first(), wanted.last() + 1);
        return run(
                List.of(new Cursor(span, Optional.of(wanted))), (records, positions) -> records.forEach(each::accept));
    }

    /** The offsets after the last records that this reader's isolation level lets it see. */
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return consumer.endOffsets(partitions, ANSWER);
    }

    /** Everything that is kept of these partitions now. */
    public List<OffsetRange> everything(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = ends(partitions);
        return partitions.stream()
                .map(each -> new OffsetRange(each, 0, ends.getOrDefault(each, 0L)))
                .toList();
    }

    private ReadSummary run(List<Cursor> cursors, BatchSink sink) {
        long begun = nanos.getAsLong();
        Map<TopicPartition, Cursor> open = new LinkedHashMap<>();
        cursors.forEach(each -> open.put(each.range.partition(), each));
        if (open.size() != cursors.size()) {
            throw new IllegalArgumentException("a read has at most one range of each partition, got " + cursors);
        }
        Counts counts = new Counts();
        long first = start(open);
        long lastProgress = begun;
        while (!open.isEmpty()) {
            ConsumerRecords<byte[], byte[]> polled = poll(open);
            List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
            boolean moved = false;
            for (Cursor each : open.values()) {
                List<ConsumerRecord<byte[], byte[]>> of = polled.records(each.range.partition());
                of.stream().filter(record -> each.wants(record.offset())).forEach(taken::add);
                moved |= advance(each, of.size());
            }
            counts.add(taken);
            sink.accept(taken, positions(cursors));
            open.values().removeIf(Cursor::isAtEnd);
            long now = nanos.getAsLong();
            lastProgress = moved ? now : lastProgress;
            if (!open.isEmpty() && now - lastProgress > patience.toNanos()) {
                throw stalled(open.values(), counts);
            }
            pulse.beat();
        }
        return new ReadSummary(first, counts.records, counts.bytes, Duration.ofNanos(nanos.getAsLong() - begun));
    }

    /** Returns the lowest offset at which reading begins. */
    private long start(Map<TopicPartition, Cursor> open) {
        Set<TopicPartition> partitions = Set.copyOf(open.keySet());
        consumer.assign(partitions);
        // The same assignment as that of the read before keeps its paused partitions.
        consumer.resume(partitions);
        try {
            Map<TopicPartition, Long> kept = consumer.beginningOffsets(partitions, ANSWER);
            kept.forEach((partition, offset) -> Optional.ofNullable(open.get(partition))
                    .ifPresent(each -> each.seek(Math.max(each.position, offset))));
        } catch (TimeoutException e) {
            throw unanswered(open.values(), e);
        }
        long first =
                open.values().stream().mapToLong(each -> each.position).min().orElse(0);
        open.values().removeIf(Cursor::isAtEnd);
        return first;
    }

    private ConsumerRecords<byte[], byte[]> poll(Map<TopicPartition, Cursor> open) {
        try {
            return consumer.poll(POLL);
        } catch (TimeoutException e) {
            throw unanswered(open.values(), e);
        }
    }

    private boolean advance(Cursor cursor, int polled) {
        try {
            return cursor.advance(polled);
        } catch (TimeoutException e) {
            throw unanswered(List.of(cursor), e);
        }
    }

    private static Map<TopicPartition, Long> positions(List<Cursor> cursors) {
        return cursors.stream()
                .collect(Collectors.toMap(
                        each -> each.range.partition(), each -> Math.min(each.position, each.range.to())));
    }

    private TimeoutException stalled(Collection<Cursor> open, Counts counts) {
        return new TimeoutException("reading " + names(open) + " made no progress for " + patience + " after "
                + counts.records + " records: no broker answers, or a transaction that began before is still open");
    }

    private static TimeoutException unanswered(Collection<Cursor> open, TimeoutException cause) {
        return new TimeoutException("reading " + names(open) + ": " + cause.getMessage(), cause);
    }

    private static String names(Collection<Cursor> cursors) {
        return cursors.stream().map(Cursor::toString).collect(Collectors.joining(", "));
    }

    private static final class Counts {
        private long records;
        private long bytes;

        void add(List<ConsumerRecord<byte[], byte[]>> taken) {
            records += taken.size();
            // A key or value that is null has the size -1.
            taken.forEach(
                    each -> bytes += Math.max(0, each.serializedKeySize()) + Math.max(0, each.serializedValueSize()));
        }
    }

    /** Where reading is in one range. */
    private final class Cursor {
        private final OffsetRange range;
        /** The offsets still to come; empty when every record is wanted. */
        private final Optional<NavigableSet<Long>> wanted;

        private long position;

        Cursor(OffsetRange range, Optional<NavigableSet<Long>> wanted) {
            this.range = range;
            this.wanted = wanted;
            this.position = range.from();
        }

        void seek(long offset) {
            position = offset;
            consumer.seek(range.partition(), offset);
        }

        boolean wants(long offset) {
            return offset < range.to()
                    && wanted.map(offsets -> offsets.contains(offset)).orElse(true);
        }

        /**
         * Follows the consumer, and skips ahead to the next wanted offset. The consumer has asked for its next records already, so
         * a gap that is no larger than the last answer is read: a seek would throw that answer away.
         *
         * @param polled records of the last answer
         * @return true when the position has moved
         */
        boolean advance(int polled) {
            long before = position;
            position = consumer.position(range.partition(), ANSWER);
            boolean moved = position > before;
            wanted.ifPresent(offsets -> {
                offsets.headSet(position, false).clear();
                if (!offsets.isEmpty() && offsets.first() - position > polled) {
                    seek(offsets.first());
                }
            });
            return moved;
        }

        boolean isAtEnd() {
            if (position < range.to()) {
                return false;
            }
            consumer.pause(Set.of(range.partition()));
            return true;
        }

        @Override
        public String toString() {
            return range + " at offset " + position;
        }
    }
}
