package io.acclimate.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures what Kafka alone costs. It consumes the same images and produces a record of a prediction's size for each, in
 * transactions with the offsets, by clients that are tuned as those of serving are. Nothing is done in between.
 */
final class BenchPassThrough implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private volatile boolean running = true;

    /** The group that reads the topic {@code from} and writes the topic {@code to}. */
    record Route(String group, String from, String to) {}

    BenchPassThrough(String bootstrap, Route route, int workers, int maxPollRecords, byte[] prediction) {
        for (int i = 0; i < workers; i++) {
            String id = route.group() + "-" + i;
            threads.add(new Thread(() -> work(bootstrap, route, id, maxPollRecords, prediction), id));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    long done() {
        return done.get();
    }

    private void work(String bootstrap, Route route, String id, int maxPollRecords, byte[] prediction) {
        Map<String, Object> consuming = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                route.group(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                maxPollRecords,
                "max.partition.fetch.bytes",
                4 << 20));
        Map<String, Object> producing = Map.of(
                "bootstrap.servers",
                bootstrap,
                "transactional.id",
                id,
                "batch.size",
                256 * 1024,
                "linger.ms",
                20,
                "compression.type",
                "none");
        try (var consumer = new KafkaConsumer<>(consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            consumer.subscribe(List.of(route.from()));
            while (running) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                if (records.isEmpty()) {
                    continue;
                }
                producer.beginTransaction();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    var unused = producer.send(
                            new ProducerRecord<>(route.to(), record.partition(), record.key(), prediction));
                }
                producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
                producer.commitTransaction();
                done.addAndGet(records.count());
            }
        }
    }

    @Override
    public void close() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
