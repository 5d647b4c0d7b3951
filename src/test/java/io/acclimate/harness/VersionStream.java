package io.acclimate.harness;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.wire.Topics;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes versions of the bundled model as the adaptation worker does. Each has other values in every tensor, and a bias that
 * makes it answer one class, its number modulo the classes: a prediction shows which version made it. One thread.
 */
final class VersionStream implements AutoCloseable {
    private static final float CERTAIN = 1_000;

    private final ModelGraph graph;
    private final int classes;
    private final SplittableRandom random = new SplittableRandom(1);
    private final VersionPublisher publisher;
    private final KafkaProducer<byte[], byte[]> producer;

    VersionStream(String bootstrap, Topics topics) throws Exception {
        graph = ModelOptions.bundled();
        classes = graph.card().classes().count();
        publisher = new VersionPublisher(topics);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", topics.prefix() + "versions"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    boolean answers(Prediction prediction) {
        return prediction.best().classIndex() == classOf(prediction.modelVersion());
    }

    private int classOf(long version) {
        return (int) (version % classes);
    }

    /** The bytes of each version's weights. */
    long weightBytes() {
        return graph.weights().values().stream()
                .mapToLong(each -> (long) Float.BYTES * each.values().length)
                .sum();
    }

    void publish(long number) {
        publish(DomainId.DEFAULT, number);
    }

    void publish(DomainId domain, long number) {
        VersionId id = new VersionId(domain, number);
        Instant now = Instant.now();
        producer.beginTransaction();
        publisher.publish(
                producer,
                id,
                number - 1,
                graph.digest(),
                graph.card().classes(),
                weights(number),
                now,
                Map.of("seed", "1", "mini-batch", "0-" + number));
        publisher.activate(
                producer, new Activation(id, number, Activation.Cause.PROMOTE, "better", now, 32 * number, now));
        producer.commitTransaction();
    }

    private WeightDelta weights(long number) {
        TreeMap<String, FloatTensor> changed = new TreeMap<>();
        graph.weights().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) ((random.nextDouble() - 0.5) / 1_000);
            }
            // Of the bundled network only the head's bias is as long as the classes.
            if (values.length == classes) {
                values[classOf(number)] += CERTAIN;
            }
            changed.put(name, FloatTensor.wrap(tensor.shape(), values));
        });
        return WeightDelta.of(changed);
    }

    @Override
    public void close() {
        producer.close();
    }
}
