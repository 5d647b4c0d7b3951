package io.acclimate.app.verbs;

import io.acclimate.app.options.KafkaOptions;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Sends a command to the worker that owns its domain, and waits for the worker's answer among the events. */
final class Control {
    private static final Duration POLL = Duration.ofMillis(100);

    private Control() {}

    /** Client properties for a command for which a person waits: it reports an absent broker within seconds. */
    static Map<String, Object> client(KafkaOptions kafka) throws IOException {
        Map<String, Object> properties = new HashMap<>(kafka.reachableClientProperties());
        properties.putIfAbsent("default.api.timeout.ms", 10_000);
        properties.putIfAbsent("request.timeout.ms", 5_000);
        return properties;
    }

    static List<TopicPartition> assignAll(Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = TopicPartitions.of(consumer, topic);
        consumer.assign(partitions);
        return partitions;
    }

    /** Returns the worker's answer, or nothing when none came in time; the command stays on its topic in that case. */
    static Optional<AdaptationEvent.Controlled> send(
            Map<String, Object> client, Topics topics, ControlCommand command, Duration patience)
            throws InterruptedException, ExecutionException {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        ClientProperties.of(client).openReader();
                KafkaProducer<byte[], byte[]> producer = ClientProperties.of(client)
                        .prefer("delivery.timeout.ms", 15_000)
                        .openProducer()) {
            return send(consumer, producer, topics, command, patience);
        }
    }

    static Optional<AdaptationEvent.Controlled> send(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            Topics topics,
            ControlCommand command,
            Duration patience)
            throws InterruptedException, ExecutionException {
        List<TopicPartition> partitions = assignAll(consumer, topics.adaptationEvents());
        consumer.seekToEnd(partitions);
        // A seek happens only when the position is asked for, and an answer may come at once.
        partitions.forEach(consumer::position);
        producer.send(new ProducerRecord<>(
                        topics.modelControl(),
                        command.domain().value().getBytes(StandardCharsets.UTF_8),
                        new ControlCodec().encode(command)))
                .get();
        EventCodec codec = new EventCodec(WireFormat.JSON);
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Optional<AdaptationEvent.Controlled> answer = answer(codec, record, command);
                if (answer.isPresent()) {
                    return answer;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<AdaptationEvent.Controlled> answer(
            EventCodec codec, ConsumerRecord<byte[], byte[]> record, ControlCommand command) {
        try {
            return codec.decode(record.value()) instanceof AdaptationEvent.Controlled controlled
                            && controlled.commandId().equals(command.id())
                    ? Optional.of(controlled)
                    : Optional.empty();
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }
}
