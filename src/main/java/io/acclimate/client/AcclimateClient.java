package io.acclimate.client;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.kafka.BrokerProbe;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a running service:
 *
 * <pre>{@code
 * try (AcclimateClient client = AcclimateClient.connect(Map.of("bootstrap.servers", "localhost:9092"));
 *         PredictionReader predictions = client.predictions("my-application")) {
 *     client.send("camera-1", "cat-1", Files.readAllBytes(Path.of("cat.png"))).join();
 *     predictions.poll(Duration.ofSeconds(5)).forEach(each -> System.out.println(each.best().label()));
 *     predictions.commit();
 *     client.label("cat-1", "cat").join();
 *     client.awaitVersion("camera-1", 1, Duration.ofMinutes(5));
 * }
 * }</pre>
 *
 * <p>Any thread may call any method. A thread of Kafka completes the futures, so what follows on them must not block. What Kafka refuses, such
 * as a right that is missing, is the {@link KafkaException} of its client.
 */
public final class AcclimateClient implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Map<String, Object> properties;
    private final Topics topics;
    private final Producer<byte[], byte[]> producer;

    private AcclimateClient(Map<String, Object> properties, Topics topics, Producer<byte[], byte[]> producer) {
        this.properties = properties;
        this.topics = topics;
        this.producer = producer;
    }

    /** Connects to a service whose topics have no prefix; see {@link #connect(Map, String)}. */
    public static AcclimateClient connect(Map<String, Object> properties) throws ConnectException {
        return connect(properties, "");
    }

    /**
     * Finds out whether there is a service to talk to. That takes some seconds at most.
     *
     * @param properties of any Kafka client, {@code bootstrap.servers} among them
     * @param topicPrefix the service's {@code --topic-prefix}
     * @throws ConnectException when no broker can be reached; its message says why, and what to do
     * @throws org.apache.kafka.common.errors.TimeoutException when the topics of a service are not there
     */
    public static AcclimateClient connect(Map<String, Object> properties, String topicPrefix) throws ConnectException {
        Optional<String> problem = BrokerProbe.problem(properties);
        if (problem.isPresent()) {
            throw new ConnectException(problem.get().replace("--bootstrap", "bootstrap.servers"));
        }
        Topics topics = new Topics(topicPrefix);
        // A producer would have brokers create a topic that is missing, with their own defaults.
        try (Consumer<?, ?> reader = ClientProperties.of(properties).openReader()) {
            List.of(topics.images(), topics.labels()).forEach(topic -> TopicPartitions.count(reader, topic));
        }
        return new AcclimateClient(
                Map.copyOf(properties),
                topics,
                ClientProperties.of(properties)
                        .prefer("max.request.size", TopicPlan.SAMPLE_RECORD_BYTES)
                        .openProducer());
    }

    /**
     * Sends an image to be predicted.
     *
     * @param domain the camera, the site
     * @param imageId under which its prediction and its label are known
     * @param image a picture's file, or what else the model's card says that a record holds
     * @return is complete when Kafka has stored the image, with its place, or fails with a {@link KafkaException}
     * @throws IllegalArgumentException when the domain, the id or the image breaks a rule of the contract
     */
    public CompletableFuture<Coordinates> send(String domain, String imageId, byte[] image) {
        if (image.length == 0) {
            throw new IllegalArgumentException("an image has at least one byte, got none for " + imageId);
        }
        return send(topics.images(), imageId, image, ContractHeaders.DOMAIN, new DomainId(domain).value());
    }

    /**
     * Says what an image shows that was sent under this id. It belongs to the image's domain.
     *
     * @param className or a class index in decimal digits. A class that the model does not have becomes a dead letter.
     * @return is complete when Kafka has stored the label, with its place, or fails with a {@link KafkaException}
     * @throws IllegalArgumentException when the id or the class breaks a rule of the contract
     */
    public CompletableFuture<Coordinates> label(String imageId, String className) {
        if (className.isEmpty()) {
            throw new IllegalArgumentException("a label names a class, got none for " + imageId);
        }
        return send(topics.labels(), imageId, null, ContractHeaders.LABEL, className);
    }

    private CompletableFuture<Coordinates> send(
            String topic, String imageId, byte @Nullable [] value, String header, String text) {
        byte[] key = new ImageId(imageId).value().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(topic, key, value);
        ContractHeaders.put(sent.headers(), header, text);
        CompletableFuture<Coordinates> stored = new CompletableFuture<>();
        var unused = producer.send(sent, (place, problem) -> {
            if (problem == null) {
                stored.complete(new Coordinates(topic, place.partition(), place.offset()));
            } else {
                stored.completeExceptionally(problem);
            }
        });
        return stored;
    }

    /**
     * Reads predictions of all domains as a member of a consumer group, from where the group has committed, and at first from the oldest.
     *
     * @param group whose readers share the predictions
     * @return for one thread, which closes it; it does not end with this client
     */
    public PredictionReader predictions(String group) {
        return PredictionReader.open(properties, topics, group);
    }

    /**
     * Waits until a version with at least this number is active in a domain. Images that are sent after that are answered by it within about
     * a second.
     *
     * @return the number of the active version
     * @throws TimeoutException when there is none within {@code patience}; its message says what is active
     */
    public long awaitVersion(String domain, long minimum, Duration patience) throws TimeoutException {
        return new ActiveVersion(properties, topics, new DomainId(domain)).await(minimum, patience);
    }

    /** Waits up to half a minute for what was sent. */
    @Override
    public void close() {
        producer.close(GRACE);
    }
}
