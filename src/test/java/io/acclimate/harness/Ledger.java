package io.acclimate.harness;

import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads every topic of the service from its beginning with read_committed, as any client would, while things break. A thread of
 * its own reads; {@link #ask} may be called from any.
 */
final class Ledger implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    /** Guarded by itself. */
    private final Facts facts;

    private final List<Recovery> recoveries = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "ledger");
    private volatile boolean closing;

    Ledger(String bootstrap, Topics topics) {
        facts = new Facts(topics);
        consumer = fromBeginning(
                bootstrap,
                List.of(
                        topics.images(),
                        topics.labels(),
                        topics.predictions(),
                        topics.deadLetters(),
                        topics.miniBatches(),
                        topics.adaptationEvents(),
                        topics.modelVersions()));
        thread.setDaemon(true);
        thread.start();
    }

    /** A consumer of all partitions of {@code topics}, which reads what is committed, from the beginning. */
    static KafkaConsumer<byte[], byte[]> fromBeginning(String bootstrap, List<String> topics) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        "reconnect.backoff.max.ms",
                        200),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic).forEach(each -> all.add(new TopicPartition(topic, each.partition())));
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return consumer;
    }

    private void run() {
        try (consumer) {
            while (!closing) {
                var records = consumer.poll(POLL);
                long now = System.nanoTime();
                synchronized (facts) {
                    records.forEach(record -> add(record, now));
                }
            }
        } catch (WakeupException e) {
            closing = true;
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record, long nowNanos) {
        facts.add(record).ifPresent(sign -> recoveries.forEach(each -> each.see(sign, nowNanos)));
    }

    /** Looks at what is known now. */
    <T> T ask(Function<Facts, T> question) {
        synchronized (facts) {
            return question.apply(facts);
        }
    }

    void watch(Recovery recovery) {
        recoveries.add(recovery);
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
