package io.acclimate.harness;

import io.acclimate.harness.Facts.Version;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Gives the mini-batches that a disturbed worker learnt from to a fresh one that nobody disturbs. */
final class Undisturbed {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private Undisturbed() {}

    /**
     * The versions that an undisturbed worker makes of the mini-batches that are on {@code cluster}'s topics, in order.
     *
     * @param trained on how many of them it trains: one of bad samples alone is passed over
     */
    static List<Version> versions(Cluster cluster, List<String> options, int trained) throws Exception {
        Topics copy = new Topics(cluster.topics().prefix() + "undisturbed-");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            TopicCreator.ensure(admin, copy, TopicPlan.DEFAULT);
        }
        copy(cluster, copy);
        try (JavaProcess worker = cluster.worker(copy, options);
                Ledger ledger = new Ledger(cluster.bootstrap(), copy)) {
            worker.start();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ledger.ask(facts -> facts.trained.size()) < trained) {
                if (System.nanoTime() > deadline || !worker.alive()) {
                    throw new IllegalStateException("the undisturbed worker did not train on " + trained
                            + " mini-batches: see " + worker.log());
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
            return ledger.ask(facts -> sorted(facts.versions));
        }
    }

    static List<Version> sorted(List<Version> versions) {
        return versions.stream()
                .sorted(Comparator.comparing(Version::domain).thenComparing(Version::number))
                .toList();
    }

    private static void copy(Cluster cluster, Topics copy) {
        Map<String, Object> reading =
                new HashMap<>(Map.of("bootstrap.servers", cluster.bootstrap(), "isolation.level", "read_committed"));
        try (var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", cluster.bootstrap(), "max.request.size", 4 << 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<TopicPartition> all = consumer.partitionsFor(cluster.topics().miniBatches()).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (var record : consumer.poll(POLL)) {
                    var unused = producer.send(
                            new ProducerRecord<>(copy.miniBatches(), record.partition(), record.key(), record.value()));
                }
            }
            producer.flush();
        }
    }
}
