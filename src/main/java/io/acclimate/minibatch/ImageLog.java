package io.acclimate.minibatch;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.wire.ContractHeaders;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads single records of {@code images} by their coordinates. The log does not change, so the same coordinates give the same bytes
 * until retention removes them. All stream threads of an instance share one consumer without a group, which is opened at the first
 * read. Guarded by this.
 */
final class ImageLog implements PixelSource {
    /** Small, so that little is read beside what is wanted and no partition waits for the batch of another. */
    private static final int FETCH_BYTES = 64 << 10;

    /** So many times the limit of a read is the pause after a sample that was not answered: its thread has the rest of that for labels. */
    private static final int PAUSE = 10;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<Consumer<byte[], byte[]>> open;
    private final Duration limit;
    private final LongSupplier nanos;
    private Optional<Consumer<byte[], byte[]>> consumer = Optional.empty();
    private Optional<Silence> silence = Optional.empty();

    /** A sample was not answered; these were its partitions. */
    private record Silence(Set<TopicPartition> of, long sinceNanos) {}

    /**
     * Opens nothing yet.
     *
     * @param limit how long one read may take
     * @param nanos the monotonic clock that measures it
     */
    ImageLog(Supplier<Consumer<byte[], byte[]>> open, Duration limit, LongSupplier nanos) {
        this.open = open;
        this.limit = limit;
        this.nanos = nanos;
    }

    static ImageLog of(Map<String, Object> clientProps, String clientId, Duration limit) {
        Supplier<Consumer<byte[], byte[]>> open = () -> ClientProperties.of(clientProps)
                .named(clientId)
                .force(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")
                .force(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES)
                .forSinglePieces()
                .openReader();
        return new ImageLog(open, limit, System::nanoTime);
    }

    @Override
    public synchronized Map<Coordinates, Outcome<Payload>> read(Map<Coordinates, ImageId> images) {
        if (images.isEmpty()) {
            return Map.of();
        }
        Consumer<byte[], byte[]> log = consumer.orElseGet(open);
        consumer = Optional.of(log);
        Search search = new Search(log, images);
        long start = nanos.getAsLong();
        try {
            while (!search.isOver() && nanos.getAsLong() - start < limit.toNanos()) {
                search.poll();
            }
        } finally {
            log.unsubscribe();
        }
        return search.answers;
    }

    @Override
    public synchronized Map<Coordinates, Outcome<Payload>> sample(Map<Coordinates, ImageId> images) {
        Set<TopicPartition> partitions = images.keySet().stream()
                .map(at -> new TopicPartition(at.topic(), at.partition()))
                .collect(Collectors.toUnmodifiableSet());
        if (silence.filter(each -> isTooEarly(each, partitions)).isPresent()) {
            return Map.of();
        }
        Map<Coordinates, Outcome<Payload>> answers = read(images);
        if (answers.size() < images.size()) {
            silence = Optional.of(new Silence(partitions, nanos.getAsLong()));
        }
        return answers;
    }

    /** All tasks of the instance share the pause. Those of other partitions have a turn before those that were not answered. */
    private boolean isTooEarly(Silence last, Set<TopicPartition> partitions) {
        int pauses = Collections.disjoint(last.of(), partitions) ? 1 : 2;
        return nanos.getAsLong() - last.sinceNanos()
                < limit.multipliedBy((long) pauses * PAUSE).toNanos();
    }

    /** One read, which takes the wanted offsets of each partition in their order. */
    private static final class Search {
        private final Consumer<byte[], byte[]> log;
        private final Map<TopicPartition, NavigableMap<Long, ImageId>> wanted = new HashMap<>();
        private final Map<Coordinates, Outcome<Payload>> answers = new HashMap<>();

        Search(Consumer<byte[], byte[]> log, Map<Coordinates, ImageId> images) {
            this.log = log;
            images.forEach((at, id) -> wanted.computeIfAbsent(
                            new TopicPartition(at.topic(), at.partition()), key -> new TreeMap<>())
                    .put(at.offset(), id));
            log.assign(wanted.keySet());
            wanted.forEach((partition, offsets) -> log.seek(partition, offsets.firstKey()));
        }

        boolean isOver() {
            return wanted.isEmpty();
        }

        void poll() {
            try {
                log.poll(POLL).forEach(this::take);
            } catch (OffsetOutOfRangeException e) {
                Set<TopicPartition> partitions = e.offsetOutOfRangePartitions().keySet();
                Map<TopicPartition, Long> ends = log.endOffsets(partitions);
                log.beginningOffsets(partitions)
                        .forEach((partition, begin) -> keep(partition, begin, ends.getOrDefault(partition, begin)));
            }
            wanted.entrySet().removeIf(each -> advance(each.getKey(), each.getValue()));
        }

        private void take(ConsumerRecord<byte[], byte[]> record) {
            ImageId id = offsets(new TopicPartition(record.topic(), record.partition()))
                    .remove(record.offset());
            if (id != null) {
                answers.put(new Coordinates(record.topic(), record.partition(), record.offset()), payload(record, id));
            }
        }

        private NavigableMap<Long, ImageId> offsets(TopicPartition partition) {
            return wanted.getOrDefault(partition, new TreeMap<>());
        }

        /** Records before a partition's beginning are gone, and so are those after the end of a topic that was created again. */
        private void keep(TopicPartition partition, long begin, long end) {
            NavigableMap<Long, ImageId> offsets = offsets(partition);
            drop(partition, offsets.headMap(begin, false), "begins at offset " + begin);
            drop(partition, offsets.tailMap(end, true), "ends at offset " + end);
            log.seek(partition, offsets.isEmpty() ? end : offsets.firstKey());
        }

        /** Seeks to the next wanted offset; true when nothing more is wanted of the partition. */
        private boolean advance(TopicPartition partition, NavigableMap<Long, ImageId> offsets) {
            long position = log.position(partition);
            drop(partition, offsets.headMap(position, false), "holds no record there");
            if (offsets.isEmpty()) {
                log.pause(Set.of(partition));
                return true;
            }
            if (offsets.firstKey() > position) {
                log.seek(partition, offsets.firstKey());
            }
            return false;
        }

        private void drop(TopicPartition partition, NavigableMap<Long, ImageId> offsets, String why) {
            offsets.forEach((offset, id) ->
                    answers.put(new Coordinates(partition.topic(), partition.partition(), offset), gone(id, why)));
            offsets.clear();
        }
    }

    /** Checks the image id, since a topic that was created again has other images at the same coordinates. */
    private static Outcome<Payload> payload(ConsumerRecord<byte[], byte[]> record, ImageId wanted) {
        Coordinates at = new Coordinates(record.topic(), record.partition(), record.offset());
        byte[] value = record.value();
        return value == null
                ? gone(wanted, "holds no bytes there")
                : ContractHeaders.imageId(record.key(), at)
                        .then(id -> id.equals(wanted)
                                ? ContractHeaders.contentType(record.headers())
                                        .then(type -> Outcome.ok(new Payload(Bytes.wrap(value), type)))
                                : gone(wanted, "holds another image there"));
    }

    private static Outcome<Payload> gone(ImageId id, String why) {
        return Outcome.refused(
                DeadLetterReason.MISSING_PIXELS,
                "the bytes of image " + id + " are not kept any more (its partition of images " + why
                        + "): send them in the label");
    }

    @Override
    public synchronized void close() {
        consumer.ifPresent(Consumer::close);
        consumer = Optional.empty();
    }
}
