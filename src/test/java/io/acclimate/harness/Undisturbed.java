package io.acclimate.harness;

import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Gives the mini-batches that a disturbed worker learnt from to a fresh one that nobody disturbs. */
final class Undisturbed {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration QUIET = Duration.ofSeconds(2);
    /** A worker trains on some mini-batches a second; the first takes its start besides. */
    private static final Duration STALL = Duration.ofMinutes(4);

    private Undisturbed() {}

    /**
     * The versions that an undisturbed worker makes and keeps of the same mini-batches.
     *
     * @param miniBatches the records that the disturbed worker learnt from, in the order of each partition
     * @param trained on how many of them it trains: one of bad samples alone is passed over
     */
    static Facts.Chain versions(
            Deployment cluster, List<ConsumerRecord<byte[], byte[]>> miniBatches, List<String> options, int trained)
            throws Exception {
        Topics copy = new Topics(cluster.topics().prefix() + "undisturbed-");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            TopicCreator.ensure(admin, copy, TopicPlan.DEFAULT);
        }
        copy(cluster, miniBatches, copy);
        try (JavaProcess worker = cluster.worker(copy, options);
                Ledger ledger = new Ledger(cluster.bootstrap(), copy)) {
            worker.start();
            Patience patience = new Patience(STALL);
            int left = trained;
            while (left > 0) {
                if (!patience.lasts(left) || !worker.alive()) {
                    throw new IllegalStateException("the undisturbed worker did not train on the last " + left + " of "
                            + trained + " mini-batches: see " + worker.log());
                }
                LockSupport.parkNanos(POLL.toNanos());
                left = trained - ledger.ask(facts -> facts.trained.size());
            }
            // The records of one commit reach a reader topic by topic.
            Facts.Chain before = ledger.ask(Facts::chain);
            long since = System.nanoTime();
            while (System.nanoTime() - since < QUIET.toNanos()) {
                LockSupport.parkNanos(POLL.toNanos());
                Facts.Chain now = ledger.ask(Facts::chain);
                since = now.equals(before) ? since : System.nanoTime();
                before = now;
            }
            return before;
        }
    }

    private static void copy(Deployment cluster, List<ConsumerRecord<byte[], byte[]>> miniBatches, Topics copy) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrap(), "max.request.size", 4 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (var record : miniBatches) {
                var unused = producer.send(
                        new ProducerRecord<>(copy.miniBatches(), record.partition(), record.key(), record.value()));
            }
            producer.flush();
        }
    }
}
