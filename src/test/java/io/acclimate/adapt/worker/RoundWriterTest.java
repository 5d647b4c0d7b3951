package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.VersionRecord;
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
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a round leaves on each topic. */
class RoundWriterTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final DomainId DOMAIN = new DomainId("camera-1");
    private static final Coordinates INPUT = new Coordinates(TOPICS.miniBatches(), 2, 41);
    private static final Round.Saved SAVED =
            new Round.Saved.Since(Progress.newBuilder().addMiniBatches(41).build(), 9);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final RoundWriter writer = new RoundWriter(
            TOPICS, BiasModel.graph(), Encoding.JSON, "configuration-1", Clock.fixed(TIME, ZoneOffset.UTC));

    /** A version's partition is its domain's, of as many as its topic has. */
    private static Cluster cluster() {
        Node node = new Node(1, "localhost", 9092);
        Node[] nodes = {node};
        List<PartitionInfo> partitions = TOPICS.all().stream()
                .flatMap(topic ->
                        IntStream.range(0, 4).mapToObj(each -> new PartitionInfo(topic, each, node, nodes, nodes)))
                .toList();
        return new Cluster("test", List.of(node), partitions, Set.of(), Set.of());
    }

    @BeforeEach
    void begin() {
        producer.initTransactions();
        producer.beginTransaction();
    }

    private static Round round(List<AdaptationEvent> events, Round.Saved saved) {
        return new Round(events, List.of(), Optional.empty(), Optional.empty(), saved, List.of());
    }

    private List<ProducerRecord<byte[], byte[]>> written(String topic) {
        producer.commitTransaction();
        List<ProducerRecord<byte[], byte[]>> records = producer.history().stream()
                .filter(each -> each.topic().equals(topic))
                .toList();
        producer.beginTransaction();
        return records;
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return ContractHeaders.text(record.headers(), name) instanceof Outcome.Ok<Optional<String>> ok
                ? ok.value().orElse("")
                : "";
    }

    @Test
    void aRoundLeavesItsCheckpointOnThePartitionOfItsInput() {
        writer.write(producer, round(List.of(), SAVED), INPUT, DOMAIN, OptionalLong.empty());

        StateCodec.Assembly assembly = new StateCodec.Assembly();
        assertThat(written(TOPICS.adaptationState())).singleElement().satisfies(record -> {
            assertThat(record.partition()).isEqualTo(2);
            assembly.add(record.value());
        });
        assertThat(assembly.complete()).singleElement().satisfies(restored -> {
            assertThat(restored.domain()).isEqualTo(DOMAIN);
            assertThat(restored.generation()).isEqualTo(9);
        });
    }

    @Test
    void aSnapshotIsWrittenInParts() {
        byte[] weights = new byte[2_000_000];
        Checkpoint whole = Checkpoint.newBuilder()
                .setDomain(DOMAIN.value())
                .setWeights(com.google.protobuf.ByteString.copyFrom(weights))
                .build();

        writer.save(producer, new Round.Saved.Snapshot(whole, 16), 2, DOMAIN);

        List<ProducerRecord<byte[], byte[]>> parts = written(TOPICS.adaptationState());
        StateCodec.Assembly assembly = new StateCodec.Assembly();
        parts.forEach(each -> assembly.add(each.value()));
        assertThat(parts).hasSizeGreaterThan(1).allMatch(each -> each.value().length < 1_000_000);
        assertThat(assembly.complete()).singleElement().satisfies(restored -> assertThat(restored.snapshot())
                .contains(whole));
    }

    @Test
    void eachEventSaysWhatLedToItUnderWhichConfigurationAndHasAnIdOfItsOwn() {
        AdaptationEvent first = new AdaptationEvent.Discarded(DOMAIN, TIME, 5, List.of("no image"));
        AdaptationEvent second = new AdaptationEvent.Controlled(DOMAIN, TIME, "c-1", "pause", true, "paused");

        writer.write(producer, round(List.of(first, second), SAVED), INPUT, DOMAIN, OptionalLong.empty());

        List<ProducerRecord<byte[], byte[]>> events = written(TOPICS.adaptationEvents());
        assertThat(events)
                .extracting(each -> new EventCodec(Encoding.JSON).decode(each.value()))
                .containsExactly(first, second);
        assertThat(events).extracting(each -> header(each, "ce_id")).containsExactly("camera-1-9-0", "camera-1-9-1");
        assertThat(events)
                .extracting(each -> header(each, "ce_type"))
                .containsExactly("io.acclimate.adaptation.discarded", "io.acclimate.adaptation.controlled");
        assertThat(events).allSatisfy(each -> {
            assertThat(header(each, "ce_subject")).isEqualTo(INPUT.toString());
            assertThat(header(each, "ce_configuration")).isEqualTo("configuration-1");
            assertThat(header(each, "content-type")).isEqualTo("application/json");
            assertThat(each.partition()).isEqualTo(2);
            assertThat(each.key()).asString(StandardCharsets.UTF_8).isEqualTo("camera-1");
        });
    }

    @Test
    void eachEventOfAWorkerThatLostItsPredecessorsStateSaysWhere() {
        AdaptationEvent event = new AdaptationEvent.Discarded(DOMAIN, TIME, 5, List.of("no image"));

        writer.write(producer, round(List.of(event, event), SAVED), INPUT, DOMAIN, OptionalLong.of(41));

        assertThat(written(TOPICS.adaptationEvents()))
                .extracting(each -> header(each, "ce_statelostat"))
                .containsExactly("41", "41");
    }

    @Test
    void aPromotedVersionIsThereWithItsActivationInOneTransaction() {
        VersionId id = new VersionId(DOMAIN, 3);
        Activation activation = new Activation(id, 2, Activation.Cause.PROMOTE, "promoted", TIME, 64, TIME);
        Round promoted = new Round(
                List.of(),
                List.of(),
                Optional.of(new Round.NewVersion(id, 0, BiasModel.version(3), Map.of("seed", "1"))),
                Optional.of(activation),
                SAVED,
                List.of());

        writer.write(producer, promoted, INPUT, DOMAIN, OptionalLong.empty());

        assertThat(producer.history()).isEmpty();
        assertThat(written(TOPICS.modelVersions()))
                .extracting(each -> new VersionCodec().decode(each.value()))
                .satisfiesExactlyInAnyOrder(
                        version -> assertThat(version).isInstanceOfSatisfying(VersionRecord.Version.class, each -> {
                            assertThat(each.version().id()).isEqualTo(id);
                            assertThat(each.version().weights())
                                    .isEqualTo(BiasModel.version(3).digest());
                            assertThat(each.version().createdAt()).isEqualTo(TIME);
                        }),
                        pointer -> assertThat(pointer).isEqualTo(new VersionRecord.Active(activation)));
        assertThat(written(TOPICS.modelWeights())).isNotEmpty();
    }

    @Test
    void removedVersionGetsTombstonesForItsRecordAndEachPartOfItsWeights() {
        Round round = new Round(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Changes(List.of(new RemovedVersion(2, 2)), Optional.empty()),
                SAVED,
                List.of());

        writer.write(producer, round, INPUT, DOMAIN, OptionalLong.empty());

        assertThat(written(TOPICS.modelVersions())).singleElement().satisfies(each -> {
            assertThat(each.key()).asString(StandardCharsets.UTF_8).isEqualTo("camera-1/v/2");
            assertThat(each.value()).isNull();
        });
        assertThat(written(TOPICS.modelWeights()))
                .extracting(each -> new String(each.key(), StandardCharsets.UTF_8))
                .containsExactly("camera-1/2/0", "camera-1/2/1");
    }

    @Test
    void aSampleThatCannotBeUsedBecomesADeadLetterOfItsLabelRecord() {
        LabelledSample sample = new LabelledSample(
                new ImageId("image-7"),
                3,
                "",
                new Payload(Bytes.wrap(new byte[] {1, 2}), Optional.of("image/png")),
                new Coordinates(TOPICS.labels(), 1, 17),
                TIME);
        Refusal refusal = new Refusal(DeadLetterReason.UNDECODABLE_IMAGE, "no picture");
        Round round = new Round(
                List.of(),
                List.of(new Round.Dropped(sample, refusal)),
                Optional.empty(),
                Optional.empty(),
                SAVED,
                List.of());

        writer.write(producer, round, INPUT, DOMAIN, OptionalLong.empty());

        assertThat(written(TOPICS.deadLetters())).singleElement().satisfies(record -> {
            assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("image-7");
            assertThat(record.value()).containsExactly(1, 2);
            assertThat(header(record, "domain")).isEqualTo("camera-1");
            assertThat(header(record, "label")).isEqualTo("3");
            assertThat(header(record, "content-type")).isEqualTo("image/png");
            assertThat(header(record, DeadLetters.REASON)).isEqualTo("UNDECODABLE_IMAGE");
        });
    }

    @Test
    void aRecordThatIsRefusedIsKeptAsItWas() {
        byte[] value = {9, 9};
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(TOPICS.miniBatches(), 2, 41, new byte[] {1}, value);

        writer.deadLetter(producer, record, new Refusal(DeadLetterReason.UNREADABLE_RECORD, "not a mini-batch"));

        assertThat(written(TOPICS.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEqualTo(value);
            assertThat(header(letter, DeadLetters.REASON)).isEqualTo("UNREADABLE_RECORD");
        });
    }
}
