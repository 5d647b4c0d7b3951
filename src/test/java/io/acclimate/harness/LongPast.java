package io.acclimate.harness;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.VersionId;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Adds to the topics of a service what a domain's removed versions have left there: a tombstone for each record of a version and for each
 * part of its weights, as compaction keeps them for a day, and the events of the rounds that made and judged them. The versions that are kept
 * are the worker's own, from before. One thread.
 */
final class LongPast {
    private static final int IN_TRANSACTION = 5_000;
    /** Above all that a test makes itself, so that nothing of it is removed. */
    private static final long FIRST = 1_000;

    private LongPast() {}

    static void write(Topics topics, DomainId domain, int versions) {
        VersionPublisher publisher = new VersionPublisher(topics);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        TestBroker.bootstrapServers(),
                        "transactional.id",
                        topics.prefix() + "past",
                        "linger.ms",
                        "20"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            for (int first = 0; first < versions; first += IN_TRANSACTION) {
                producer.beginTransaction();
                for (int i = first; i < Math.min(versions, first + IN_TRANSACTION); i++) {
                    publisher.remove(producer, new VersionId(domain, FIRST + i), 1);
                    events(producer, topics, domain, i);
                }
                producer.commitTransaction();
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    private static void events(KafkaProducer<byte[], byte[]> producer, Topics topics, DomainId domain, int number) {
        EventCodec codec = new EventCodec(Encoding.JSON);
        int partition = Partitions.ofDomain(
                domain, producer.partitionsFor(topics.adaptationEvents()).size());
        Instant at = Instant.EPOCH.plusSeconds(60L * number);
        for (AdaptationEvent event : new AdaptationEvent[] {
            new AdaptationEvent.Trained(domain, at, number, 32, 4, number, 20, 5, 8, 0, Map.of("total", 0.9)),
            new AdaptationEvent.Judged(domain, at, number + 1, number, new GateDecision.Promote(), 0.61, 0.4, 0.15, 128)
        }) {
            producer.send(new ProducerRecord<>(
                    topics.adaptationEvents(),
                    partition,
                    domain.value().getBytes(StandardCharsets.UTF_8),
                    codec.encode(event)));
        }
    }
}
