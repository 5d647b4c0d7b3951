package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes versions and activations in the caller's open transaction. Only the worker that owns the domain may call it. */
public final class VersionPublisher {
    private final Topics topics;
    private final VersionCodec codec = new VersionCodec();

    public VersionPublisher(Topics topics) {
        this.topics = topics;
    }

    /** Publishes a version with the model's own probabilities. */
    public ModelVersion publish(
            Producer<byte[], byte[]> inTransaction,
            VersionId id,
            long parent,
            Digest base,
            ClassNames classes,
            WeightDelta weights,
            Instant createdAt,
            Map<String, String> provenance) {
        return publish(inTransaction, id, parent, base, classes, weights, createdAt, provenance, 1);
    }

    /** Sends the weights in chunks, waits for their offsets, then sends the version's record. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    public ModelVersion publish(
            Producer<byte[], byte[]> inTransaction,
            VersionId id,
            long parent,
            Digest base,
            ClassNames classes,
            WeightDelta weights,
            Instant createdAt,
            Map<String, String> provenance,
            double temperature) {
        byte[] all = weights.toBytes();
        int count = WeightChunks.count(all.length);
        int partition = partition(inTransaction, topics.modelWeights(), id);
        List<Future<RecordMetadata>> sent = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] key = chunkKey(id, i);
            byte[] value = WeightChunks.chunk(id, all, i, count).toByteArray();
            sent.add(inTransaction.send(new ProducerRecord<>(topics.modelWeights(), partition, key, value)));
        }
        inTransaction.flush();
        ModelVersion version = new ModelVersion(
                id,
                parent,
                base,
                classes.names(),
                Digest.of(all),
                new Coordinates(topics.modelWeights(), partition, offset(sent.get(0))),
                count,
                all.length,
                createdAt,
                provenance,
                temperature);

        inTransaction.send(new ProducerRecord<>(
                topics.modelVersions(),
                partition(inTransaction, topics.modelVersions(), id),
                codec.key(id),
                codec.encode(version)));
        return version;
    }

    /** How many records of weights a version has. */
    public static int chunks(WeightDelta weights) {
        return WeightChunks.count(weights.size());
    }

    /** Replaces the record of a version whose weights stay where they are. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    public void rewrite(Producer<byte[], byte[]> inTransaction, ModelVersion version) {
        inTransaction.send(new ProducerRecord<>(
                topics.modelVersions(),
                partition(inTransaction, topics.modelVersions(), version.id()),
                codec.key(version.id()),
                codec.encode(version)));
    }

    /** Writes tombstones for a version's record and for its weights. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    public void remove(Producer<byte[], byte[]> inTransaction, VersionId id, int chunks) {
        inTransaction.send(new ProducerRecord<>(
                topics.modelVersions(), partition(inTransaction, topics.modelVersions(), id), codec.key(id), null));
        int partition = partition(inTransaction, topics.modelWeights(), id);
        for (int i = 0; i < chunks; i++) {
            inTransaction.send(new ProducerRecord<>(topics.modelWeights(), partition, chunkKey(id, i), null));
        }
    }

    private static byte[] chunkKey(VersionId id, int index) {
        return (id + "/" + index).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the domain's active pointer. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    public void activate(Producer<byte[], byte[]> inTransaction, Activation activation) {
        inTransaction.send(new ProducerRecord<>(
                topics.modelVersions(),
                partition(inTransaction, topics.modelVersions(), activation.version()),
                codec.activeKey(activation.version().domain()),
                codec.encode(activation)));
    }

    private static int partition(Producer<byte[], byte[]> producer, String topic, VersionId id) {
        return Partitions.ofDomain(id.domain(), producer.partitionsFor(topic).size());
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException("weights were not written", e.getCause());
        }
    }
}
