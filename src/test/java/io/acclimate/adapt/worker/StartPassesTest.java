package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.core.SettableClock;
import io.acclimate.dataset.Png;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import io.acclimate.infer.BiasModel;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One partition with one domain, without a broker. */
class StartPassesTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final TopicPartition BATCHES = new TopicPartition(TOPICS.miniBatches(), 0);
    private static final DomainId DOMAIN = new DomainId("camera-1");
    private static final Duration KEEP = Duration.ofHours(1);
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final Membership GROUP = new Membership() {
        @Override
        public ConsumerGroupMetadata metadata() {
            return new MockConsumer<byte[], byte[]>("earliest").groupMetadata();
        }

        @Override
        public int partitions() {
            return 1;
        }

        @Override
        public boolean waiting() {
            return false;
        }
    };

    private final SettableClock clock = new SettableClock(TIME);
    private final Telemetry telemetry = Telemetry.inMemory();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final BaseModel model = model();
    private final ActivePartition partition = partition();
    private final DomainWorker worker = domain(DOMAIN.value());
    private final List<Long> deleted = new ArrayList<>();
    private int groupBytes = StartWriter.GROUP_BYTES;
    private boolean refuses;
    private int learnt;
    private int asked;

    private static BaseModel model() {
        try {
            return new BaseModel(BiasModel.graph(), AdaptSettings.defaults().train());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private DomainWorker domain(String name) {
        return new DomainWorker(
                new DomainId(name),
                AdaptSettings.defaults(),
                model,
                new SourceSet(Optional.empty(), 0, model.source()),
                new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults())),
                Clock.fixed(TIME, ZoneOffset.UTC));
    }

    private ActivePartition partition() {
        producer.initTransactions();
        return new ActivePartition(0, new Outbox(producer, () -> true, new CommitWatch(), () -> {}), Optional.empty());
    }

    private StartPasses passes(Duration keep) {
        return new StartPasses(
                TOPICS,
                keep,
                new StartWriter(
                        TOPICS,
                        new RoundWriter(TOPICS, model.graph(), Encoding.JSON, "configuration", clock),
                        GROUP,
                        new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults())),
                        groupBytes),
                GROUP,
                (miniBatches, before) -> {
                    if (refuses) {
                        throw new KafkaException("DELETE is not granted");
                    }
                    assertThat(miniBatches).isEqualTo(BATCHES);
                    deleted.add(before);
                },
                new Meters(telemetry, model.graph().card().classes()),
                clock);
    }

    @AfterEach
    void close() {
        partition.close();
        model.close();
    }

    private void learn(int count) {
        partition.workers().put(DOMAIN, worker);
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[8 * 8 * 3];
            rgb[0] = (byte) learnt;
            LabelledSample sample = new LabelledSample(
                    new ImageId("image-" + learnt),
                    0,
                    "",
                    new Payload(Bytes.wrap(Png.encode(RgbImage.wrap(8, 8, rgb))), Optional.of("image/png")),
                    new Coordinates("labels", 0, learnt),
                    TIME);
            MiniBatch batch = new MiniBatch(DOMAIN, learnt, MiniBatch.FlushCause.COUNT, List.of(sample), TIME, TIME);
            var unused = worker.learn(batch, learnt);
            learnt++;
        }
    }

    private void run() {
        run(learnt);
    }

    private void run(long position) {
        passes(KEEP).run(partition, position, PartitionReader.Pulse.NONE);
    }

    private List<ProducerRecord<byte[], byte[]>> starts() {
        return producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.adaptationStarts()))
                .toList();
    }

    /** What was written since this was asked last. */
    private List<StartPart> written() {
        List<ProducerRecord<byte[], byte[]>> all = starts();
        List<StartPart> parts = all.subList(asked, all.size()).stream()
                .map(each -> new StartCodec().part(each.value()))
                .toList();
        asked = all.size();
        return parts;
    }

    @Test
    void whatCameBeforeTheLastPassIsDeletedAndNotWhatCameSince() {
        learn(3);
        run();
        assertThat(deleted).isEmpty();
        learn(2);

        run();

        assertThat(deleted).containsExactly(3L);
        assertThat(partition.starts().pass().map(StartPass::getPosition)).contains(5L);
    }

    @Test
    void aStartHasEverySampleThatItsCheckpointRefersToAndStandsBesideThatCheckpoint() {
        learn(3);

        run();

        assertThat(producer.history())
                .extracting(each -> each.topic() + " " + new String(each.key(), StandardCharsets.UTF_8))
                .containsExactly(
                        "adaptation-state camera-1/0",
                        "adaptation-starts camera-1/0/0",
                        "adaptation-starts camera-1/0/1",
                        "adaptation-starts camera-1/0/2",
                        "adaptation-starts /pass");
        assertThat(written().stream().flatMap(part -> part.getSamplesList().stream()))
                .extracting(StartSample::getAt)
                .containsExactlyInAnyOrderElementsOf(references())
                .hasSize(3)
                .contains(SampleRef.newBuilder().setOffset(2).build());
    }

    @Test
    void aDomainThatHasNotChangedKeepsItsStartAndHoldsNothingUp() {
        learn(3);
        run();
        written();

        run(9);

        assertThat(written()).singleElement().matches(StartPart::hasPass);
        assertThat(deleted).containsExactly(3L);
    }

    @Test
    void withoutNewMiniBatchesThereIsNoPass() {
        learn(3);
        run();
        written();

        run();

        assertThat(written()).isEmpty();
        assertThat(deleted).isEmpty();
    }

    @Test
    void aPassIsDueWhenTheLastOneIsAsOldAsMiniBatchesAreKeptOrComesFromAClockThatWasTurnedBack() {
        assertThat(passes(KEEP).isDue(partition)).as("without domains").isFalse();
        learn(1);
        assertThat(passes(KEEP).isDue(partition)).isTrue();
        assertThat(passes(Duration.ZERO).isDue(partition)).isFalse();
        run();
        clock.set(TIME.plus(KEEP).minusMillis(1));
        assertThat(passes(KEEP).isDue(partition)).isFalse();

        clock.set(TIME.plus(KEEP));

        assertThat(passes(KEEP).isDue(partition)).isTrue();
        clock.set(TIME.minusMillis(1));
        assertThat(passes(KEEP).isDue(partition)).isTrue();
    }

    @Test
    void aDeletionThatIsRefusedIsCountedAndTrainingContinues() {
        refuses = true;
        learn(3);
        run();
        learn(1);

        run();

        assertThat(telemetry.total(Meter.MINI_BATCH_DELETIONS, "refused")).isEqualTo(1);
        assertThat(partition.starts().pass().map(StartPass::getBefore)).contains(3L);
    }

    private Set<SampleRef> references() {
        Checkpoint whole = worker.checkpoints().whole();
        Set<SampleRef> all = new HashSet<>(whole.getHoldoutList());
        all.addAll(whole.getReplayList());
        return all;
    }

    private KeptStarts read(List<ProducerRecord<byte[], byte[]>> records) {
        KeptStarts read = new KeptStarts();
        for (int i = 0; i < records.size(); i++) {
            read.add(record(records.get(i), i));
        }
        return read;
    }

    private static ConsumerRecord<byte[], byte[]> record(ProducerRecord<byte[], byte[]> written, long offset) {
        return new ConsumerRecord<>(TOPICS.adaptationStarts(), 0, offset, written.key(), written.value());
    }

    @Test
    void samplesAreWrittenInGroupsOfFewBytesAndOnlyTheLastTransactionMakesTheStartComplete() {
        groupBytes = 1;
        learn(3);

        run();

        assertThat(producer.commitCount())
                .as("three samples, the end, the pass")
                .isEqualTo(5);
        List<ProducerRecord<byte[], byte[]>> records = starts();
        assertThat(read(records).of(DOMAIN))
                .isEqualTo(partition.starts().of(DOMAIN))
                .singleElement()
                .satisfies(start -> assertThat(start.samples()).hasSize(3));
        assertThat(read(records.subList(0, records.size() - 2)).of(DOMAIN))
                .as("without its last part and the pass")
                .isEmpty();
    }

    @Test
    void aLaterStartOfManyGroupsHasAllSamplesAgain() {
        groupBytes = 1;
        learn(3);
        run();
        written();
        learn(1);

        run();

        assertThat(written().stream().flatMap(part -> part.getSamplesList().stream()))
                .extracting(StartSample::getAt)
                .containsExactlyInAnyOrderElementsOf(references())
                .hasSize(4);
    }

    @Test
    void aStateThatContinuesFromTheActiveVersionIsWrittenBesideItsStartAndSaysWhatWasLost() {
        learn(3);
        Checkpoint reached = worker.checkpoints().whole();
        worker.checkpoints().adopt(reached, 3, WeightDelta.EMPTY);
        worker.checkpoints().takenUpFrom(1);

        run();

        StateCodec.Assembly assembly = new StateCodec.Assembly();
        producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.adaptationState()))
                .forEach(each -> assembly.add(each.value()));
        assertThat(assembly.complete()).singleElement().satisfies(each -> {
            assertThat(each.snapshot().map(Checkpoint::getStateLostAt)).contains(1L);
            assertThat(each.snapshotGeneration()).isEqualTo(3);
        });
        learn(1);
        assertThat(worker.checkpoints().settle().map(each -> each.whole().hasStateLostAt()))
                .as("after a round that told it")
                .contains(false);
    }

    @Test
    void aPassThatFailsIsCountedAndNotDueAgainForSomeMinutes() {
        StartPasses passes = passes(KEEP);
        learn(1);
        assertThat(passes.isDue(partition)).isTrue();

        assertThatThrownBy(() -> passes.run(partition, learnt, () -> {
                    throw new KafkaException("the broker refuses");
                }))
                .isInstanceOf(KafkaException.class);

        assertThat(telemetry.total(Meter.MINI_BATCH_DELETIONS, "refused")).isEqualTo(1);
        assertThat(passes.isDue(partition)).isFalse();
        clock.set(TIME.plus(Duration.ofMinutes(5)));
        assertThat(passes.isDue(partition)).isTrue();
    }

    @Test
    void aPassWritesOneDomainAtATimeAndHasThePositionAtWhichItBegan() {
        StartPasses passes = passes(KEEP);
        learn(2);
        partition.workers().put(new DomainId("camera-2"), domain("camera-2"));

        passes.run(partition, 2, PartitionReader.Pulse.NONE);

        assertThat(partition.starts().of(DOMAIN)).hasSize(1);
        assertThat(partition.starts().pass()).isEmpty();
        passes.run(partition, 9, PartitionReader.Pulse.NONE);
        assertThat(partition.starts().of(new DomainId("camera-2"))).hasSize(1);
        assertThat(partition.starts().pass().map(StartPass::getPosition)).contains(2L);
    }

    @Test
    void aWorkerThatIsKilledBetweenTwoGroupsLeavesTheStartBeforeAndItsSuccessorWritesTheWholeOne() {
        groupBytes = 1;
        learn(3);
        run();
        List<KeptStart> before = partition.starts().of(DOMAIN);
        learn(2);
        AtomicInteger beats = new AtomicInteger();

        assertThatThrownBy(() -> passes(KEEP).run(partition, learnt, () -> {
                    if (beats.incrementAndGet() == 3) {
                        throw new OwnedPartitions.LostPartitionException(0);
                    }
                }))
                .isInstanceOf(OwnedPartitions.LostPartitionException.class);

        List<ProducerRecord<byte[], byte[]>> left = starts();
        assertThat(written()).filteredOn(part -> part.getSlot() == 1).hasSize(3);
        assertThat(read(left).of(DOMAIN)).isEqualTo(before);
        ActivePartition successor =
                new ActivePartition(0, new Outbox(producer, () -> true, new CommitWatch(), () -> {}), Optional.empty());
        successor.workers().put(DOMAIN, worker);
        for (int i = 0; i < left.size(); i++) {
            successor.starts().add(record(left.get(i), i));
        }
        passes(KEEP).run(successor, learnt, PartitionReader.Pulse.NONE);
        assertThat(successor.starts().of(DOMAIN)).hasSize(2);
        assertThat(successor.starts().of(DOMAIN).get(0).slot()).isEqualTo(1);
        assertThat(read(starts()).of(DOMAIN)).isEqualTo(successor.starts().of(DOMAIN));
        assertThat(written().stream().flatMap(part -> part.getSamplesList().stream()))
                .extracting(StartSample::getAt)
                .containsExactlyInAnyOrderElementsOf(references());
        assertThat(deleted).as("before the pass that was complete").containsExactly(3L);
    }
}
