package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.SettableClock;
import io.acclimate.dataset.Bundled;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.registry.NoVersions;
import io.acclimate.registry.PublishedVersions;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;

/** The intake of one partition without a broker, and what it commits. */
abstract class IntakeFixture {
    static final Topics TOPICS = Topics.DEFAULT;
    static final int PARTITIONS = 4;
    static final DomainId DOMAIN = new DomainId("camera-1");
    static final DomainId NEIGHBOUR = neighbour();
    static final int OWN = Partitions.ofDomain(DOMAIN, PARTITIONS);
    static final Clock CLOCK = Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC);
    static final ConsumerGroupMetadata GROUP = new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

    /** The gate defers for ever: no version is needed on its topic. */
    final AdaptSettings settings = AdaptSettings.defaults()
            .withGate(new GateSettings(
                    Integer.MAX_VALUE, 0, 1, 0, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults()));

    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    FreshnessSettings freshness = settings.freshness();
    boolean waiting;
    long waits;
    boolean follows;
    long end;
    final SettableClock clock = new SettableClock(AdaptFixture.TIME);
    final Telemetry telemetry = Telemetry.inMemory();
    final BaseModel model = model();
    final Meters meters = new Meters(telemetry, model.graph().card().classes());
    PublishedVersions versions = new NoVersions();
    final DomainFactory domains = new DomainFactory(
            settings,
            model,
            new SourceSet(Optional.empty(), 0, model.source()),
            new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults())),
            CLOCK);
    final ActivePartition partition = partition();
    RoundHooks hooks = RoundHooks.NONE;

    /** Another domain of the same partition. */
    private static DomainId neighbour() {
        return IntStream.range(2, 100)
                .mapToObj(each -> new DomainId("camera-" + each))
                .filter(each -> Partitions.ofDomain(each, PARTITIONS) == Partitions.ofDomain(DOMAIN, PARTITIONS))
                .findFirst()
                .orElseThrow();
    }

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

    Intake intake() {
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
            public boolean follows(int partition) {
                return follows;
            }

            @Override
            public boolean waiting() {
                return waiting;
            }

            @Override
            public long end(int partition) {
                return end;
            }

            @Override
            public long waitAtLeast() {
                return waits;
            }
        };
        return new Intake(
                new RoundWriter(TOPICS, model.graph(), Encoding.JSON, domains.configuration(), CLOCK),
                new Commands(versions, model, CLOCK),
                domains,
                membership,
                new Freshness(freshness, domains::timeOfAStep),
                new Instruments(telemetry, meters, new Failures(TOPICS, settings), hooks, new CommitWatch()),
                clock);
    }

    @AfterEach
    void close() {
        partition.close();
        model.close();
        telemetry.close();
    }

    static ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset, byte[] value) {
        return new ConsumerRecord<>(topic, partition, offset, DOMAIN.value().getBytes(StandardCharsets.UTF_8), value);
    }

    static ConsumerRecord<byte[], byte[]> miniBatch(long sequence, long offset) {
        return miniBatch(DOMAIN, sequence, offset);
    }

    static ConsumerRecord<byte[], byte[]> miniBatch(DomainId domain, long sequence, long offset) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            LabelledSample each = AdaptFixture.sample(Bundled.targetTest(), (int) sequence * 8 + i);
            samples.add(new LabelledSample(
                    each.imageId(), i % BiasModel.CLASSES, "", each.image(), each.label(), each.labelTime()));
        }
        MiniBatch batch = new MiniBatch(
                domain, sequence, MiniBatch.FlushCause.COUNT, samples, AdaptFixture.TIME, AdaptFixture.TIME);
        return record(TOPICS.miniBatches(), OWN, offset, new MiniBatchCodec().encode(batch));
    }

    List<AdaptationEvent> events() {
        return producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.adaptationEvents()))
                .map(each -> new EventCodec(Encoding.JSON).decode(each.value()))
                .toList();
    }

    List<ProducerRecord<byte[], byte[]>> deadLetters() {
        return producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.deadLetters()))
                .toList();
    }

    List<Long> committedOffsets(String topic) {
        return producer.consumerGroupOffsetsHistory().stream()
                .flatMap(each -> each.values().stream())
                .flatMap(each -> Optional.ofNullable(each.get(new TopicPartition(topic, OWN))).stream())
                .map(OffsetAndMetadata::offset)
                .toList();
    }
}
