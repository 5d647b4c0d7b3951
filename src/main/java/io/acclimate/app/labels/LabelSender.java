package io.acclimate.app.labels;

import io.acclimate.core.ClassNames;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Sends labels by image id, without bytes: {@code minibatch} joins them to the images that were served. They are sent at a rate, because
 * a burst would be refused as {@code RATE_LIMITED}. One thread calls it.
 */
final class LabelSender {
    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final Optional<DomainId> domain;
    private final String source;
    /** The producer's thread fills it. */
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();

    /**
     * @param domain without one a label is of its image's domain
     * @param source names the sender of the labels
     */
    LabelSender(Producer<byte[], byte[]> producer, Topics topics, Optional<DomainId> domain, String source) {
        this.producer = producer;
        this.topics = topics;
        this.domain = domain;
        this.source = source;
    }

    /** Refuses a topic that does not exist: a producer might create it under a wrong name, or with settings that are not ours. */
    static void requireTopic(Map<String, Object> client, Topics topics) throws InterruptedException {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            admin.describeTopics(List.of(topics.labels())).allTopicNames().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalArgumentException(
                        "there is no topic " + topics.labels()
                                + ": --bootstrap and --topic-prefix must be those of the service",
                        e);
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /**
     * Sends all and returns when Kafka has acknowledged them.
     *
     * @param perSecond 0 sends as fast as Kafka takes them
     * @param sent is told how many were handed to Kafka
     */
    void send(List<ImportPlan.Label> labels, ClassNames classes, double perSecond, LongConsumer sent)
            throws InterruptedException {
        long start = System.nanoTime();
        long count = 0;
        for (ImportPlan.Label label : labels) {
            if (perSecond > 0) {
                TimeUnit.NANOSECONDS.sleep(start + (long) (count * 1e9 / perSecond) - System.nanoTime());
            }
            var unused = producer.send(record(label, classes), (metadata, problem) -> {
                if (problem != null) {
                    failures.add(problem);
                }
            });
            throwFailure();
            sent.accept(++count);
        }
        producer.flush();
        throwFailure();
    }

    private ProducerRecord<byte[], byte[]> record(ImportPlan.Label label, ClassNames classes) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.labels(), label.image().getBytes(StandardCharsets.UTF_8), null);
        ContractHeaders.put(record.headers(), ContractHeaders.LABEL, classes.name(label.index()));
        ContractHeaders.put(record.headers(), ContractHeaders.SOURCE, source);
        domain.ifPresent(each -> ContractHeaders.put(record.headers(), ContractHeaders.DOMAIN, each.value()));
        return record;
    }

    private void throwFailure() {
        for (Exception problem : failures) {
            throw new KafkaException("a label was not taken by Kafka: " + problem.getMessage(), problem);
        }
    }
}
