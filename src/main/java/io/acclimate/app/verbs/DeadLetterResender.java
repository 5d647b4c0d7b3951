package io.acclimate.app.verbs;

import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Outcome;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import io.acclimate.wire.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends dead letters back to the topics they came from. For each reason a consumer group remembers the progress, in the transaction
 * that sends the letters: a run that is stopped anywhere and started again sends no letter twice and leaves none out. The headers of a
 * letter may name any topic, so letters are only sent to topics that this service reads. Called by one thread.
 */
final class DeadLetterResender implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private long sent;
    private final Topics topics;
    private long dropped;
    private long foreign;

    /** The prefix of the topics is part of the transactional id, so that deployments on one cluster do not disturb each other. */
    DeadLetterResender(Map<String, Object> client, Topics topics) {
        this(
                ClientProperties.of(client)
                        .force(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 << 20)
                        .openTransactional(topics.prefix() + "acclimate-dead-letters"),
                topics);
    }

    /** Closes the producer when it is closed itself. */
    DeadLetterResender(Producer<byte[], byte[]> producer, Topics topics) {
        this.producer = producer;
        this.topics = topics;
    }

    void start() {
        producer.initTransactions();
    }

    /** The letters that were sent, those whose value had been too large to keep, and those that name a topic which is not ours. */
    record Result(long sent, long dropped, long foreign) {}

    /** Sends every letter with this reason that was not sent before, as the reader's group remembers. */
    void resend(DeadLetterReader reader, DeadLetterReason reason, ProgressView progress) {
        reader.read(reader.committed(), (entries, positions) -> {
            transact(() -> {
                entries.forEach(entry -> {
                    if (entry.letter() instanceof Outcome.Ok<DeadLetter> ok
                            && ok.value().reason() == reason) {
                        send(ok.value(), entry);
                    }
                });
                producer.sendOffsetsToTransaction(offsets(positions), reader.group());
            });
            progress.at(sent, reason + ", " + dropped + " too large to have been kept");
        });
    }

    /** Sends these letters, whether they were sent before or not. */
    void resend(DeadLetterReader reader, Set<String> ids, ProgressView progress) {
        reader.read(Map.of(), (entries, positions) -> {
            transact(() -> entries.forEach(entry -> {
                if (entry.letter() instanceof Outcome.Ok<DeadLetter> ok && ids.contains(entry.id())) {
                    send(ok.value(), entry);
                }
            }));
            progress.at(sent, "of " + ids.size() + " named");
        });
    }

    Result result() {
        return new Result(sent, dropped, foreign);
    }

    private void transact(Runnable work) {
        producer.beginTransaction();
        try {
            work.run();
            producer.commitTransaction();
        } catch (KafkaException e) {
            producer.abortTransaction();
            throw e;
        }
    }

    private void send(DeadLetter letter, DeadLetterReader.Entry entry) {
        Optional<DeadLetters.Obstacle> obstacle = DeadLetters.obstacle(letter, topics);
        if (obstacle.isPresent()) {
            foreign += obstacle.get() == DeadLetters.Obstacle.FOREIGN ? 1 : 0;
            dropped += obstacle.get() == DeadLetters.Obstacle.DROPPED ? 1 : 0;
            return;
        }
        // The commit reports a failure.
        var unused = producer.send(DeadLetters.original(letter, entry.record()));
        sent++;
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, position) -> offsets.put(partition, new OffsetAndMetadata(position)));
        return offsets;
    }

    @Override
    public void close() {
        producer.close();
    }
}
