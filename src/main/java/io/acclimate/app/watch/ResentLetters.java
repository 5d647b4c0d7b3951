package io.acclimate.app.watch;

import io.acclimate.core.Outcome;
import io.acclimate.kafka.Causes;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends single dead letters back to the topics that they came from, for somebody who waits for the answer. The command
 * {@code dead-letters resend} sends many and remembers which. Any thread; one letter at a time.
 */
final class ResentLetters {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Producer<byte[], byte[]> producer;
    private final Topics topics;

    /** @param consumers each call opens one, which is closed after use */
    ResentLetters(Supplier<Consumer<byte[], byte[]>> consumers, Producer<byte[], byte[]> producer, Topics topics) {
        this.consumers = consumers;
        this.producer = producer;
        this.topics = topics;
    }

    /** Returns why the letter at this place cannot be sent; empty once Kafka has it. */
    synchronized Optional<String> resend(int partition, long offset) {
        TopicPartition place = new TopicPartition(topics.deadLetters(), partition);
        try {
            Optional<ConsumerRecord<byte[], byte[]>> record = read(place, offset);
            if (record.isEmpty()) {
                return Optional.of("there is no dead letter " + partition + ":" + offset);
            }
            if (!(DeadLetters.parse(record.get()) instanceof Outcome.Ok<DeadLetter> letter)) {
                return Optional.of("the record " + partition + ":" + offset + " is no dead letter of this service");
            }
            Optional<String> obstacle =
                    DeadLetters.obstacle(letter.value(), topics).map(DeadLetters.Obstacle::words);
            if (obstacle.isEmpty()) {
                producer.send(DeadLetters.original(letter.value(), record.get()))
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            return obstacle;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("this process is stopping");
        } catch (TimeoutException e) {
            return Optional.of("Kafka has not said whether it took it: look at the topic before you send it again");
        } catch (ExecutionException | KafkaException e) {
            return Optional.of("Kafka did not take it: " + Causes.messages(e));
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition place, long offset) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            if (consumer.partitionsFor(place.topic(), PATIENCE).stream()
                    .noneMatch(each -> each.partition() == place.partition())) {
                return Optional.empty();
            }
            PartitionReader reader = new PartitionReader(consumer, PATIENCE);
            if (offset < reader.ends(List.of(place)).getOrDefault(place, 0L)) {
                var unused = reader.read(new OffsetRange(place, offset, offset + 1), record -> {
                    if (record.offset() == offset) {
                        found.add(record);
                    }
                });
            }
        }
        return found.stream().findFirst();
    }
}
