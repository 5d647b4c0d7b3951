package io.acclimate.minibatch;

import io.acclimate.kafka.CommitWatch;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Makes the clients of Kafka Streams: the usual consumers, and a {@link PersistentProducer} around each producer that it is given. */
final class StreamsClients implements KafkaClientSupplier {
    private final Producers producers;
    private final BooleanSupplier running;
    private final CommitWatch commits;

    /** Opens a producer of Kafka's. */
    @FunctionalInterface
    interface Producers {
        Producer<byte[], byte[]> open(Map<String, Object> properties);
    }

    StreamsClients(Producers producers, BooleanSupplier running, CommitWatch commits) {
        this.producers = producers;
        this.running = running;
        this.commits = commits;
    }

    /** Opens a producer as it is. */
    static Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Admin getAdmin(Map<String, Object> properties) {
        return Admin.create(properties);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> properties) {
        return new PersistentProducer(producers.open(properties), running, commits);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> properties) {
        return consumer(properties);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> properties) {
        return consumer(properties);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> properties) {
        return consumer(properties);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
