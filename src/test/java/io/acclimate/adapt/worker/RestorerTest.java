package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.dataset.Png;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import io.acclimate.infer.BiasModel;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.FakeLog;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.registry.NoVersions;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Domains of one partition, and the topics that a predecessor has left, without a broker. */
class RestorerTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final TopicPartition STATE = new TopicPartition(TOPICS.adaptationState(), 0);
    private static final TopicPartition BATCHES = new TopicPartition(TOPICS.miniBatches(), 0);
    private static final TopicPartition STARTS = new TopicPartition(TOPICS.adaptationStarts(), 0);
    private static final DomainId DOMAIN = new DomainId("camera-1");
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);

    private final AtomicLong nanos = new AtomicLong();
    private final FakeLog log = new FakeLog();
    private final StateCodec state = new StateCodec();
    private final StartCodec codec = new StartCodec();
    /** The gate defers for ever, so the source model stays active, and no version has to be on its topic. */
    private final AdaptSettings settings = AdaptSettings.defaults()
            .withOutput(new OutputSettings(4, Encoding.JSON))
            .withGate(new GateSettings(
                    Integer.MAX_VALUE, 0, 1, 0, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults()));

    private final BaseModel model = model();
    private final SampleDecoder decoder = new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));
    private final DomainFactory domains =
            new DomainFactory(settings, model, new SourceSet(Optional.empty(), 0, model.source()), decoder, CLOCK);
    private final ActivePartition partition = new ActivePartition(
            0, new Outbox(new MockProducer<>(), () -> true, new CommitWatch(), () -> {}), Optional.empty());

    private BaseModel model() {
        try {
            return new BaseModel(BiasModel.graph(), settings.train());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        partition.close();
        model.close();
    }

    private Restorer restorer() {
        WeightReader unused = WeightReader.open(Map.of("bootstrap.servers", "localhost:1"), TOPICS);
        return new Restorer(TOPICS, log, log.uncommitted(), unused, decoder, nanos::get);
    }

    private static MiniBatch batch(long sequence) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] rgb = new byte[8 * 8 * 3];
            rgb[i] = (byte) (sequence * 8 + i);
            samples.add(new LabelledSample(
                    new ImageId("image-" + sequence + "-" + i),
                    i % BiasModel.CLASSES,
                    "",
                    new Payload(Bytes.wrap(Png.encode(RgbImage.wrap(8, 8, rgb))), Optional.of("image/png")),
                    new Coordinates("labels", 0, i),
                    TIME));
        }
        return new MiniBatch(DOMAIN, sequence, MiniBatch.FlushCause.COUNT, samples, TIME, TIME);
    }

    /** Has a predecessor learn {@code rounds} mini-batches, that many offsets apart, and leaves what it wrote on the topics. */
    private DomainWorker predecessor(int rounds, int apart) {
        DomainWorker worker = domains.open(DOMAIN);
        long at = 0;
        for (int round = 0; round < rounds; round++) {
            MiniBatch batch = batch(round);
            long offset = (long) round * apart;
            log.put(BATCHES, offset, key(), new MiniBatchCodec().encode(batch));
            for (long other = offset + 1; other < offset + apart; other++) {
                log.put(BATCHES, other, key(), new byte[0]);
            }
            at = write(worker.learn(batch, offset).saved(), at);
        }
        return worker;
    }

    private long write(Round.Saved saved, long at) {
        long next = at;
        if (saved instanceof Round.Saved.Since since) {
            log.put(
                    STATE,
                    next++,
                    state.progressKey(DOMAIN),
                    state.progress(DOMAIN, since.progress(), since.generation()));
        } else if (saved instanceof Round.Saved.Snapshot snapshot) {
            List<byte[]> parts = new ArrayList<>();
            state.parts(snapshot.whole(), snapshot.generation(), parts::add);
            for (int i = 0; i < parts.size(); i++) {
                log.put(STATE, next++, state.key(DOMAIN, i), parts.get(i));
            }
        }
        return next;
    }

    private Checkpoint restored() {
        DomainWorker worker = partition.workers().get(DOMAIN);
        if (worker == null) {
            throw new AssertionError(
                    DOMAIN + " was not restored, but " + partition.workers().keySet());
        }
        return worker.checkpoints().whole();
    }

    private static byte[] key() {
        return DOMAIN.value().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bringsADomainToTheBytesOfItsPredecessor() {
        try (DomainWorker before = predecessor(6, 1);
                Restorer restorer = restorer()) {
            restorer.restore(partition, domains, PartitionReader.Pulse.NONE);

            assertThat(partition.workers()).containsOnlyKeys(DOMAIN);
            assertThat(restored()).isEqualTo(before.checkpoints().whole());
        }
    }

    @Test
    void aRestoreThatTakesLongerThanItsPatienceSucceedsWhileItMakesProgress() {
        try (DomainWorker before = predecessor(6, 1);
                Restorer restorer = restorer()) {
            log.perPoll(1).onPoll(() -> nanos.addAndGet(Duration.ofSeconds(60).toNanos()));

            restorer.restore(partition, domains, PartitionReader.Pulse.NONE);

            assertThat(Duration.ofNanos(nanos.get())).isGreaterThan(Duration.ofMinutes(5));
            assertThat(restored()).isEqualTo(before.checkpoints().whole());
        }
    }

    @Test
    void readsTheMiniBatchesThatItsCheckpointNamesAndNotThoseBetween() {
        try (DomainWorker before = predecessor(6, 1_000);
                Restorer restorer = restorer()) {
            AtomicLong polls = new AtomicLong();
            log.perPoll(10).onPoll(polls::incrementAndGet);

            restorer.restore(partition, domains, PartitionReader.Pulse.NONE);

            assertThat(restored()).isEqualTo(before.checkpoints().whole());
            // 5,001 records lie between the first and the last; each of the six costs a poll or two.
            assertThat(polls.get()).isLessThan(30);
        }
    }

    @Test
    void beatsBetweenPollsRoundsAndDomains() {
        try (DomainWorker before = predecessor(6, 1);
                Restorer restorer = restorer()) {
            AtomicLong beats = new AtomicLong();
            AtomicLong polls = new AtomicLong();
            log.perPoll(1).onPoll(polls::incrementAndGet);

            restorer.restore(partition, domains, beats::incrementAndGet);

            assertThat(beats.get()).isGreaterThan(polls.get());
            assertThat(before.checkpoints().whole()).isNotNull();
        }
    }

    @Test
    void aStateTopicThatDoesNotMoveIsSaidWithItsPositionAfterThePatience() {
        try (DomainWorker before = predecessor(2, 1);
                Restorer restorer = restorer()) {
            log.perPoll(0).onPoll(() -> nanos.addAndGet(Duration.ofSeconds(20).toNanos()));

            assertThatThrownBy(() -> restorer.restore(partition, domains, PartitionReader.Pulse.NONE))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(STATE + " from offset 0 to " + log.end(STATE) + " at offset 0")
                    .hasMessageContaining("PT1M30S");
            assertThat(before.checkpoints().whole()).isNotNull();
        }
    }

    @Test
    void keepsNoImagesWithoutLabelsWhenTheLabelSetChanges() {
        List<MiniBatch.UnlabelledImage> images = batch(0).samples().stream()
                .map(each -> new MiniBatch.UnlabelledImage(each.imageId(), each.image(), each.label()))
                .toList();
        log.put(BATCHES, 0, key(), new MiniBatchCodec().encode(MiniBatch.unlabelled(DOMAIN, 0, images, TIME)));
        Checkpoint.Builder ofOthers = Checkpoint.newBuilder().setBaseDigest("ab".repeat(32));
        try (DomainWorker before = domains.open(DOMAIN)) {
            ofOthers.mergeFrom(
                    before.checkpoints().whole().toBuilder().clearBaseDigest().build());
        }
        for (int i = 0; i < images.size(); i++) {
            ofOthers.addUnlabelled(SampleRef.newBuilder().setOffset(0).setIndex(i));
        }
        write(new Round.Saved.Snapshot(ofOthers.build(), 1), 0);
        try (Restorer restorer = restorer()) {
            restorer.restore(partition, domains, PartitionReader.Pulse.NONE);

            assertThat(partition.workers()).containsOnlyKeys(DOMAIN);
            assertThat(model.samples().bytesInMemory()).isZero();
        }
    }

    /** Writes the predecessor's state with its samples as a start, and takes the mini-batches of the rounds before it off the topic. */
    private Checkpoint startAndNoMiniBatches(int rounds) {
        Node node = new Node(0, "localhost", 1);
        Node[] replicas = {node};
        log.updatePartitions(
                TOPICS.adaptationStarts(),
                List.of(new PartitionInfo(TOPICS.adaptationStarts(), 0, node, replicas, replicas)));
        try (DomainWorker before = domains.open(DOMAIN)) {
            Optional<Round.Saved> saved = Optional.empty();
            List<StartSample> samples = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                saved = Optional.of(before.learn(batch(round), round).saved());
            }
            before.checkpoints().samples(samples::add);
            Checkpoint whole = before.checkpoints().whole();
            StartState state = StartState.newBuilder().setCheckpoint(whole).build();
            List<byte[]> parts = new ArrayList<>();
            codec.parts(DOMAIN, rounds, 1, List.of(() -> state), decoder.form(), samples, parts::add);
            for (int i = 0; i < parts.size(); i++) {
                log.put(STARTS, i, codec.key(DOMAIN, 1, i), parts.get(i));
            }
            write(saved.orElseThrow(), 0);
            return whole;
        }
    }

    /** Bytes that a snapshot may have and no worker keeps. */
    private static UnknownFieldSet ballast(int bytes) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        90_000,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[bytes]))
                                .build())
                .build();
    }

    private static long heapInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void noSnapshotIsInMemoryBeforeItsDomainsTurn() {
        int snapshotBytes = 8 << 20;
        int count = 8;
        long at = 0;
        try (DomainWorker before = domains.open(DOMAIN)) {
            Checkpoint whole = before.checkpoints().whole();
            for (int i = 0; i < count; i++) {
                DomainId domain = new DomainId("camera-" + i);
                List<byte[]> parts = new ArrayList<>();
                state.parts(
                        whole.toBuilder()
                                .setDomain(domain.value())
                                .setUnknownFields(ballast(snapshotBytes))
                                .build(),
                        1,
                        parts::add);
                for (int part = 0; part < parts.size(); part++) {
                    log.put(STATE, at++, state.key(domain, part), parts.get(part));
                }
            }
        }
        long topic = heapInUse();
        List<Long> heldAtOpening = new ArrayList<>();
        try (Restorer restorer = restorer()) {
            restorer.restore(
                    partition,
                    domain -> {
                        heldAtOpening.add(heapInUse() - topic);
                        return domains.open(domain);
                    },
                    PartitionReader.Pulse.NONE);
        }

        assertThat(partition.workers()).hasSize(count);
        assertThat(heldAtOpening).hasSize(count).allMatch(held -> held < 2L * snapshotBytes);
    }

    @Test
    void findsTheSamplesOfDeletedMiniBatchesInTheStart() {
        Checkpoint before = startAndNoMiniBatches(4);
        try (Restorer restorer = restorer()) {
            restorer.restore(partition, domains, PartitionReader.Pulse.NONE);

            assertThat(restored()).isEqualTo(before);
            assertThat(partition.starts().of(DOMAIN)).singleElement().satisfies(start -> {
                assertThat(start.generation()).isEqualTo(4);
                assertThat(partition.starts().nextSlot(DOMAIN)).isZero();
            });
        }
    }

    @Test
    void aPartitionWithoutDomainsIsRestoredAtOnce() {
        try (Restorer restorer = restorer()) {
            restorer.restore(partition, domains, PartitionReader.Pulse.NONE);
        }
        assertThat(partition.workers()).isEmpty();
    }

    @Test
    void aRebuildNeedsNoVersionThatServedInShadowModeAndWasRemovedSince() {
        WeightReader unused = WeightReader.open(Map.of("bootstrap.servers", "localhost:1"), TOPICS);
        try (DomainWorker before = predecessor(2, 1);
                DomainWorker worker = domains.open(DOMAIN);
                Restorer restorer =
                        new Restorer(TOPICS, log, log.uncommitted(), unused, new NoVersions(), decoder, nanos::get)) {
            Checkpoint.Builder served = before.checkpoints().whole().toBuilder();
            served.getShadowBuilder().addServed(0).addServed(7);

            restorer.resume(
                    0, new StateCodec.Restored(DOMAIN, Optional.of(served.build()), 2, Optional.empty(), 2), worker);

            assertThat(worker.checkpoints().whole().getShadow().getServedList()).containsExactly(0L, 7L);
        }
    }
}
