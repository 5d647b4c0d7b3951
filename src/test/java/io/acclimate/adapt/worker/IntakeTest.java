package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.dataset.Bundled;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records of one partition, and the transaction that each of them becomes, without a broker. */
@Tag("slow")
class IntakeTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final int PARTITIONS = 4;
    private static final DomainId DOMAIN = new DomainId("camera-1");
    private static final int OWN = Partitions.ofDomain(DOMAIN, PARTITIONS);
    private static final Clock CLOCK = Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC);
    private static final ConsumerGroupMetadata GROUP = new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

    /** The gate defers for ever: no version is needed on its topic. */
    private final AdaptSettings settings = AdaptSettings.defaults()
            .withGate(new GateSettings(
                    Integer.MAX_VALUE, 0, 1, 0, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults()));

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private FreshnessSettings freshness = settings.freshness();
    private boolean waiting;
    private Instant now = AdaptFixture.TIME;
    private final Telemetry telemetry = Telemetry.inMemory();
    private final BaseModel model = model();
    private final WeightReader versions = WeightReader.open(Map.of("bootstrap.servers", "localhost:1"), TOPICS);
    private final DomainFactory domains = new DomainFactory(
            settings,
            model,
            new SourceSet(Optional.empty(), 0, model.source()),
            new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults())),
            CLOCK);
    private final ActivePartition partition = partition();
    private RoundHooks hooks = RoundHooks.NONE;

    private BaseModel model() {
        try {
            return new BaseModel(BiasModel.graph(), settings.train());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ActivePartition partition() {
        producer.initTransactions();
        return new ActivePartition(
                OWN, new Outbox(producer, () -> true, new CommitWatch(), () -> {}), Optional.empty());
    }

    private Intake intake() {
        Membership membership = new Membership() {
            @Override
            public ConsumerGroupMetadata metadata() {
                return GROUP;
            }

            @Override
            public int partitions() {
                return PARTITIONS;
            }

            @Override
            public boolean waiting() {
                return waiting;
            }
        };
        return new Intake(
                new RoundWriter(TOPICS, model.graph(), Encoding.JSON, domains.configuration(), CLOCK),
                new Commands(versions, model, CLOCK),
                domains,
                membership,
                new Freshness(freshness, domains::timeOfAStep),
                new Instruments(
                        telemetry,
                        new Meters(telemetry, model.graph().card().classes()),
                        new Failures(TOPICS, settings),
                        hooks,
                        new CommitWatch()),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        partition.close();
        versions.close();
        model.close();
        telemetry.close();
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset, byte[] value) {
        return new ConsumerRecord<>(topic, partition, offset, DOMAIN.value().getBytes(StandardCharsets.UTF_8), value);
    }

    private static ConsumerRecord<byte[], byte[]> miniBatch(long sequence, long offset) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            LabelledSample each = AdaptFixture.sample(Bundled.targetTest(), (int) sequence * 8 + i);
            samples.add(new LabelledSample(
                    each.imageId(), i % BiasModel.CLASSES, "", each.image(), each.label(), each.labelTime()));
        }
        MiniBatch batch = new MiniBatch(
                DOMAIN, sequence, MiniBatch.FlushCause.COUNT, samples, AdaptFixture.TIME, AdaptFixture.TIME);
        return record(TOPICS.miniBatches(), OWN, offset, new MiniBatchCodec().encode(batch));
    }

    private List<AdaptationEvent> events() {
        return producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.adaptationEvents()))
                .map(each -> new EventCodec(Encoding.JSON).decode(each.value()))
                .toList();
    }

    private List<ProducerRecord<byte[], byte[]>> deadLetters() {
        return producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.deadLetters()))
                .toList();
    }

    private List<Long> committedOffsets(String topic) {
        return producer.consumerGroupOffsetsHistory().stream()
                .flatMap(each -> each.values().stream())
                .flatMap(each -> Optional.ofNullable(each.get(new TopicPartition(topic, OWN))).stream())
                .map(OffsetAndMetadata::offset)
                .toList();
    }

    @Test
    void aMiniBatchIsLearntFromAndCommittedWithTheOffsetAfterIt() {
        intake().miniBatch(miniBatch(0, 17), partition);

        assertThat(events()).hasAtLeastOneElementOfType(AdaptationEvent.Trained.class);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L);
        assertThat(producer.commitCount()).isOne();
        assertThat(partition.workers()).containsOnlyKeys(DOMAIN);
        assertThat(telemetry.total(Meter.SAMPLES_READ)).isEqualTo(8);
    }

    @Test
    void aMiniBatchIsLearntFromWithLessEffortWhenItIsLateAndAnotherOneWaits() {
        waiting = true;
        now = AdaptFixture.TIME.plusMillis(1_500);

        intake().miniBatch(miniBatch(0, 17), partition);

        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(AdaptationEvent.Trained.class, trained -> {
                    assertThat(trained.halvings()).isEqualTo(4);
                    assertThat(trained.steps()).isEqualTo(2);
                });
        assertThat(telemetry.total(Meter.EFFORT)).isEqualTo(1 / 16.0);
    }

    @Test
    void aMiniBatchIsLearntFromWithLessEffortWhenAStepTakesTooLong() {
        freshness = new FreshnessSettings(Duration.ofNanos(2));
        Intake intake = intake();

        intake.miniBatch(miniBatch(0, 17), partition);
        intake.miniBatch(miniBatch(1, 18), partition);

        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .map(each -> ((AdaptationEvent.Trained) each).halvings())
                .containsExactly(Effort.MOST_HALVINGS, Effort.MOST_HALVINGS);
    }

    @Test
    void aMiniBatchThatTheCheckpointHasLearntFromIsSkippedAndCommitted() {
        Intake intake = intake();
        intake.miniBatch(miniBatch(0, 17), partition);
        int before = events().size();

        intake.miniBatch(miniBatch(0, 18), partition);

        assertThat(events()).hasSize(before);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L, 19L);
    }

    @Test
    void anUnreadableRecordBecomesADeadLetterInTheTransactionOfItsOffset() {
        intake().miniBatch(record(TOPICS.miniBatches(), OWN, 5, new byte[] {(byte) 0xff}), partition);

        assertThat(deadLetters()).hasSize(1);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(6L);
        assertThat(partition.workers()).isEmpty();
        assertThat(telemetry.total(Meter.DEAD_LETTERS)).isOne();
    }

    @Test
    void aRecordWithoutAValueBecomesADeadLetter() {
        ConsumerRecord<byte[], byte[]> empty = new ConsumerRecord<>(TOPICS.modelControl(), OWN, 3, new byte[0], null);

        intake().control(empty, partition);

        assertThat(deadLetters()).hasSize(1);
        assertThat(committedOffsets(TOPICS.modelControl())).containsExactly(4L);
    }

    @Test
    void aRecordOnAnotherDomainsPartitionIsRefusedSoThatNoDomainHasTwoWorkers() {
        int wrong = (OWN + 1) % PARTITIONS;
        ConsumerRecord<byte[], byte[]> misplaced =
                record(TOPICS.miniBatches(), wrong, 5, miniBatch(0, 5).value());

        intake().miniBatch(misplaced, partition);

        assertThat(partition.workers()).isEmpty();
        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(new String(
                        letter.headers()
                                .lastHeader(io.acclimate.wire.DeadLetters.MESSAGE)
                                .value(),
                        StandardCharsets.UTF_8))
                .contains("belong to partition " + OWN)
                .contains("on " + wrong));
    }

    @Test
    void aCommandIsAnsweredInTheTransactionOfItsOffset() {
        byte[] pause = new ControlCodec().encode(new ControlCommand.Pause("c-1", DOMAIN));

        intake().control(record(TOPICS.modelControl(), OWN, 8, pause), partition);

        assertThat(events()).singleElement().isInstanceOfSatisfying(AdaptationEvent.Controlled.class, answer -> {
            assertThat(answer.commandId()).isEqualTo("c-1");
            assertThat(answer.applied()).isTrue();
        });
        assertThat(committedOffsets(TOPICS.modelControl())).containsExactly(9L);
    }

    @Test
    void aPausedDomainIsScoredAndNotTrained() {
        Intake intake = intake();
        byte[] pause = new ControlCodec().encode(new ControlCommand.Pause("c-1", DOMAIN));
        intake.control(record(TOPICS.modelControl(), OWN, 8, pause), partition);

        intake.miniBatch(miniBatch(0, 17), partition);

        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(AdaptationEvent.Trained.class, trained -> assertThat(trained.steps())
                        .isZero());
    }

    @Test
    void whatFailsBeforeTheCommitLeavesNothing() {
        hooks = new RoundHooks() {
            @Override
            public void written(Round round) {
                throw new IllegalStateException("killed");
            }
        };

        assertThatThrownBy(() -> intake().miniBatch(miniBatch(0, 17), partition))
                .hasMessage("killed");

        assertThat(producer.commitCount()).isZero();
        assertThat(producer.history()).isEmpty();
        assertThat(telemetry.total(Meter.SAMPLES_READ)).isZero();
    }

    @Test
    void savingWritesWhatASuccessorWouldTrainAgainAndNoOffset() {
        Intake intake = intake();
        intake.miniBatch(miniBatch(0, 17), partition);
        intake.miniBatch(miniBatch(1, 18), partition);
        long before = producer.commitCount();

        intake.save(partition);

        assertThat(producer.commitCount()).isEqualTo(before + 1);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L, 19L);
    }
}
