package io.acclimate.adapt.worker;

import io.acclimate.Golden;
import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Payload;
import io.acclimate.core.Refusal;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.offline.SmallCnn;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RoundGoldenTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final VersionId FOUR = new VersionId(SITE, 4);
    private static final Activation ACTIVATION =
            new Activation(FOUR, 6, Activation.Cause.PROMOTE, "not worse", AT, 544, AT);

    private static final Round.Dropped DROPPED = new Round.Dropped(
            new LabelledSample(
                    new ImageId("img-1"),
                    1,
                    "dog",
                    new Payload(Bytes.utf8("png"), Optional.of("image/png")),
                    new Coordinates("labels", 1, 5),
                    AT),
            new Refusal(DeadLetterReason.UNDECODABLE_IMAGE, "no PNG"));

    private final RoundWriter writer = new RoundWriter(
            Topics.DEFAULT,
            SmallCnn.fresh("small", new ClassNames(List.of("cat", "dog")), 1),
            Encoding.JSON,
            "0123456789abcdef",
            Clock.fixed(AT, ZoneOffset.UTC));

    @Test
    void aRoundWritesTheseRecords() {
        MockProducer<byte[], byte[]> producer = producer();

        writer.write(producer, round(), new Coordinates("mini-batches", 1, 44), SITE, OptionalLong.empty());

        StringBuilder all = new StringBuilder();
        producer.history().forEach(record -> all.append(text(record)));
        Golden.assertText(
                RoundGoldenTest.class,
                "round.txt",
                "Consumers find the records of a round by topic, partition and key, and events by their headers.",
                all.toString());
    }

    private static Round round() {
        WeightDelta weights = WeightDelta.of(Map.of("fc3.bias", FloatTensor.wrap(Shape.of(2), new float[] {1, -0.5f})));
        return new Round(
                List.of(
                        new AdaptationEvent.Trained(SITE, AT, 17, 32, 4, 3, 20, 5, 8, 1, Map.of()),
                        new AdaptationEvent.Activated(SITE, AT, ACTIVATION, 3)),
                List.of(DROPPED),
                Optional.of(new Round.NewVersion(FOUR, 3, weights, Map.of("seed", "1"))),
                Optional.of(ACTIVATION),
                new Round.Saved.Snapshot(
                        Checkpoint.newBuilder().setDomain(SITE.value()).build(), 8),
                List.of());
    }

    @Test
    void roundsSinceASnapshotAreOneRecord() {
        MockProducer<byte[], byte[]> producer = producer();

        writer.save(producer, new Round.Saved.Since(Progress.getDefaultInstance(), 9), 1, SITE);

        Golden.assertText(
                RoundGoldenTest.class,
                "since.txt",
                "A restart looks for the rounds since a snapshot under this key.",
                text(producer.history().get(0)));
    }

    private static String text(ProducerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder(record.topic() + " partition " + record.partition() + " key "
                + new String(record.key(), StandardCharsets.UTF_8) + "\n");
        for (Header header : record.headers()) {
            text.append("  ")
                    .append(header.key())
                    .append(": ")
                    .append(new String(header.value(), StandardCharsets.UTF_8))
                    .append('\n');
        }
        return text.toString();
    }

    private static MockProducer<byte[], byte[]> producer() {
        Node node = new Node(0, "none", 1);
        List<PartitionInfo> partitions = Topics.DEFAULT.all().stream()
                .flatMap(topic -> List.of(partition(topic, 0, node), partition(topic, 1, node)).stream())
                .toList();
        return new MockProducer<>(
                new Cluster("test", List.of(node), partitions, Set.of(), Set.of()),
                true,
                new RoundRobinPartitioner(),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static PartitionInfo partition(String topic, int number, Node node) {
        return new PartitionInfo(topic, number, node, new Node[] {node}, new Node[] {node});
    }
}
