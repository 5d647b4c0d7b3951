package io.acclimate.adapt;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.Headers;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a domain's mini-batches and commands from their earliest kept records, read_committed, in no group. One thread. */
final class KeptRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final ControlCodec controls = new ControlCodec();

    KeptRecords(Map<String, Object> clientProps, Topics topics) {
        this.topics = topics;
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.keySet().removeAll(List.of("group.id", "group.instance.id", "transactional.id"));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", false);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    interface MiniBatches {
        void accept(MiniBatch batch, long offset);
    }

    /** Those that a worker would learn from, up to the record at {@code last}. */
    void miniBatches(DomainId domain, long last, MiniBatches each) {
        read(topics.miniBatches(), domain, last + 1, record -> {
            if (record.value() == null || !isOf(domain, record)) {
                return;
            }
            try {
                MiniBatch batch = miniBatches.decode(record.value());
                if (batch.domain().equals(domain)) {
                    each.accept(batch, record.offset());
                }
            } catch (UnreadableRecordException e) {
                // The worker sent it to the dead letters and learnt nothing from it.
            }
        });
    }

    /** The key is a hint only: it spares reading the other domains of the partition. */
    private static boolean isOf(DomainId domain, ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null || new String(record.key(), StandardCharsets.UTF_8).equals(domain.value());
    }

    /**
     * The commands that changed something.
     *
     * @param byPosition by the offset of the mini-batch after which they took effect, -1 for before the first
     * @param gap what the topics have lost
     */
    record Applied(SortedMap<Long, List<ControlCommand>> byPosition, Optional<String> gap) {
        List<ControlCommand> after(long offset) {
            return byPosition.getOrDefault(offset, List.of());
        }
    }

    Applied commands(DomainId domain) {
        SortedMap<Long, Long> positions = new TreeMap<>();
        long[] position = {-1};
        long[] unplaced = {0};
        long firstEvent = read(topics.adaptationEvents(), domain, Long.MAX_VALUE, record -> {
            if (record.value() == null || !isOf(domain, record)) {
                return;
            }
            Optional<Coordinates> input = subject(record);
            if (input.isPresent() && input.get().topic().equals(topics.miniBatches())) {
                position[0] = input.get().offset();
            } else if (applied(record)) {
                input.ifPresentOrElse(from -> positions.put(from.offset(), position[0]), () -> unplaced[0]++);
            }
        });
        SortedMap<Long, List<ControlCommand>> byPosition = new TreeMap<>();
        if (!positions.isEmpty()) {
            read(topics.modelControl(), domain, positions.lastKey() + 1, record -> {
                Long after = positions.remove(record.offset());
                if (after != null && record.value() != null) {
                    byPosition.computeIfAbsent(after, p -> new ArrayList<>()).add(controls.decode(record.value()));
                }
            });
        }
        List<String> gaps = new ArrayList<>();
        if (firstEvent > 0) {
            gaps.add("events before offset " + firstEvent + " are gone from " + topics.adaptationEvents()
                    + ", and with them the places of commands");
        }
        if (unplaced[0] > 0 || !positions.isEmpty()) {
            gaps.add((unplaced[0] + positions.size()) + " commands that were applied cannot be found on "
                    + topics.modelControl());
        }
        return new Applied(byPosition, gaps.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", gaps)));
    }

    private boolean applied(ConsumerRecord<byte[], byte[]> record) {
        try {
            return events.decode(record.value()) instanceof AdaptationEvent.Controlled controlled
                    && controlled.applied();
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    private static Optional<Coordinates> subject(ConsumerRecord<byte[], byte[]> record) {
        return Headers.text(record.headers(), Headers.CE_SUBJECT) instanceof Outcome.Ok<Optional<String>> ok
                ? ok.value().flatMap(Coordinates::parse)
                : Optional.empty();
    }

    /** Reads to {@code end} or the topic's. Answers with the earliest kept offset. */
    private long read(String topic, DomainId domain, long end, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        int count = Optional.ofNullable(consumer.partitionsFor(topic, ANSWER))
                .filter(all -> !all.isEmpty())
                .orElseThrow(() -> new TimeoutException("topic " + topic + " does not exist"))
                .size();
        TopicPartition partition = new TopicPartition(topic, Partitions.ofDomain(domain, count));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long stop =
                Math.min(end, consumer.endOffsets(List.of(partition), ANSWER).getOrDefault(partition, 0L));
        long first = consumer.position(partition, ANSWER);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition, ANSWER) < stop) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < stop) {
                    each.accept(record);
                }
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(partition + " was not read up to offset " + stop + " within " + PATIENCE);
            }
        }
        return first;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
