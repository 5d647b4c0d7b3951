package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that would stay open for ten minutes, of owners that are gone and of some that are not. */
class OpenTransactionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Topics topics = TestBroker.uniqueTopics();
    private final String group = topics.prefix() + "group";
    private final TopicPartition input = new TopicPartition(topics.images(), 0);
    private final TopicPartition output = new TopicPartition(topics.predictions(), 0);
    private final OpenTransactions transactions =
            new OpenTransactions(TestBroker.clientProperties(), group, OpenTransactionsIT::consumerOf);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    void makeTopics() {
        TestBroker.createTopics(topics);
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void oneThatDiedWithNothingButOffsetsInItsTransactionIsEnded() {
        KafkaProducer<byte[], byte[]> gone = begun(group + "-gone");
        gone.sendOffsetsToTransaction(
                Map.of(input, new OffsetAndMetadata(7)),
                consumer(group, group + "-gone").groupMetadata());

        transactions.end(group + "-own", List.of(output));

        KafkaConsumer<byte[], byte[]> successor = consumer(group, group + "-own");
        assertThat(successor.committed(Set.of(input), LIMIT).get(input)).isNull();
        assertFenced(gone);
    }

    @Test
    void oneThatHasWrittenToWhatIsTakenOverIsEndedEvenIfItLives() {
        KafkaProducer<byte[], byte[]> frozen = begun(group + "-frozen");
        write(frozen, output);
        joined(group, group + "-frozen");

        transactions.end(group + "-own", List.of(output));

        assertFenced(frozen);
    }

    @Test
    void livingMembersElsewhereKeepTheirTransactions() {
        TopicPartition elsewhere = new TopicPartition(topics.predictions(), 1);
        String longer = group + "-two";
        List<KafkaProducer<byte[], byte[]>> producers =
                List.of(begun(group + "-own"), begun(group + "-other"), begun(longer + "-a"), begun("a-" + group));
        producers.forEach(each -> write(each, elsewhere));
        joined(group, group + "-other");
        joined(longer, longer + "-a");

        transactions.end(group + "-own", List.of(output));

        producers.forEach(KafkaProducer::commitTransaction);
    }

    private static void assertFenced(KafkaProducer<byte[], byte[]> producer) {
        assertThatThrownBy(producer::commitTransaction)
                .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
    }

    private static String consumerOf(String transactionalId) {
        return transactionalId + "-consumer";
    }

    private KafkaProducer<byte[], byte[]> begun(String transactionalId) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("transactional.id", transactionalId);
        properties.put("transaction.timeout.ms", 600_000);
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        open.push(producer);
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, TopicPartition to) {
        var unused = producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, new byte[1]));
        producer.flush();
    }

    private KafkaConsumer<byte[], byte[]> consumer(String of, String transactionalId) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("group.id", of);
        properties.put("client.id", consumerOf(transactionalId));
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        open.push(consumer);
        return consumer;
    }

    private void joined(String of, String transactionalId) {
        KafkaConsumer<byte[], byte[]> consumer = consumer(of, transactionalId);
        consumer.subscribe(List.of(topics.images()));
        await().atMost(LIMIT).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
    }
}
