package io.acclimate.registry;

import static io.acclimate.registry.VersionRecords.CAMERA;
import static io.acclimate.registry.VersionRecords.NOW;
import static io.acclimate.registry.VersionRecords.TOPICS;
import static io.acclimate.registry.VersionRecords.activation;
import static io.acclimate.registry.VersionRecords.id;
import static io.acclimate.registry.VersionRecords.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Activation.Cause;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelVersion;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.VersionRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VersionPublisherTest {
    private static final int PARTITIONS = 4;
    private static final WeightDelta WEIGHTS = weights(1, 300_000);

    private final VersionPublisher publisher = new VersionPublisher(TOPICS);
    private final VersionCodec codec = new VersionCodec();

    @Test
    void chunksComeBeforeTheRecordThatNamesThemAndAllInTheDomainsPartition() {
        MockProducer<byte[], byte[]> producer = producer();
        producer.beginTransaction();

        ModelVersion version = publish(producer);

        producer.commitTransaction();
        List<ProducerRecord<byte[], byte[]>> sent = producer.history();
        assertThat(sent)
                .extracting(ProducerRecord::topic)
                .containsExactly(
                        TOPICS.modelWeights(), TOPICS.modelWeights(), TOPICS.modelWeights(), TOPICS.modelVersions());
        assertThat(sent).extracting(ProducerRecord::partition).containsOnly(Partitions.ofDomain(CAMERA, PARTITIONS));
        assertThat(sent)
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactly("camera-1/3/0", "camera-1/3/1", "camera-1/3/2", "camera-1/v/3");
        assertThat(codec.decode(sent.get(3).value())).isEqualTo(new VersionRecord.Version(version));
    }

    @Test
    void theRecordNamesThePlaceTheCountAndTheDigestOfTheChunks() {
        MockProducer<byte[], byte[]> producer = producer();
        producer.beginTransaction();
        publish(producer);

        ModelVersion second = publish(producer);

        assertThat(second.location().offset())
                .as("behind the first three chunks")
                .isEqualTo(3);
        assertThat(second.location().partition()).isEqualTo(Partitions.ofDomain(CAMERA, PARTITIONS));
        assertThat(second.chunks()).isEqualTo(3);
        assertThat(second.bytes()).isEqualTo(WEIGHTS.toBytes().length);
        assertThat(second.weights()).isEqualTo(Digest.of(WEIGHTS.toBytes()));
        assertThat(second.provenance()).containsEntry("seed", "7");
    }

    @Test
    void whatIsPublishedIsWhatAFollowerPutsTogether() {
        MockProducer<byte[], byte[]> producer = producer();
        producer.beginTransaction();
        ModelVersion version = publish(producer);
        producer.commitTransaction();

        WeightChunks chunks = new WeightChunks(version);
        producer.history().stream()
                .filter(record -> record.topic().equals(TOPICS.modelWeights()))
                .forEach(record -> assertThat(chunks.add(record.value())).isEmpty());

        assertThat(chunks.finish()).isEqualTo(new Fetched.Weights(WEIGHTS));
    }

    @Test
    @Timeout(60)
    void aWriteThatFailsIsKafkasOwnException() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(cluster(), false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized void flush() {
                        errorNext(new RecordTooLargeException("a chunk of 600 kB"));
                        super.flush();
                    }
                };
        producer.initTransactions();
        producer.beginTransaction();

        assertThatThrownBy(() -> publish(producer)).isInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void anActivationIsOneRecordUnderTheDomainsKeySoThatCompactionKeepsTheLast() {
        MockProducer<byte[], byte[]> producer = producer();
        producer.beginTransaction();

        publisher.activate(producer, activation(3, 2, Cause.PROMOTE));

        producer.commitTransaction();
        assertThat(producer.history()).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo(TOPICS.modelVersions());
            assertThat(record.partition()).isEqualTo(Partitions.ofDomain(CAMERA, PARTITIONS));
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("camera-1/active");
            assertThat(codec.decode(record.value()))
                    .isEqualTo(new VersionRecord.Active(activation(3, 2, Cause.PROMOTE)));
        });
    }

    private ModelVersion publish(MockProducer<byte[], byte[]> producer) {
        return publisher.publish(
                producer,
                id(3),
                2,
                Digest.of(new byte[] {1}),
                new ClassNames(List.of("boot", "bag")),
                WEIGHTS,
                NOW,
                Map.of("seed", "7"));
    }

    private static MockProducer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static Cluster cluster() {
        List<PartitionInfo> partitions = new ArrayList<>();
        for (String topic : List.of(TOPICS.modelWeights(), TOPICS.modelVersions())) {
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new PartitionInfo(topic, i, Node.noNode(), new Node[0], new Node[0]));
            }
        }
        return new Cluster("test", List.of(Node.noNode()), partitions, Set.of(), Set.of());
    }
}
