package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
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
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One partition with one domain and the passes that write its start, without a broker. */
final class OneDomainPartition implements AutoCloseable {
    static final Topics TOPICS = Topics.DEFAULT;
    private static final TopicPartition BATCHES = new TopicPartition(TOPICS.miniBatches(), 0);
    static final DomainId DOMAIN = new DomainId("camera-1");
    static final Duration KEEP = Duration.ofHours(1);
    static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
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
        public boolean follows(int partition) {
            return false;
        }

        @Override
        public boolean waiting() {
            return false;
        }

        @Override
        public long end(int partition) {
            return 0;
        }

        @Override
        public long waitAtLeast() {
            return 0;
        }
    };

    final SettableClock clock = new SettableClock(TIME);
    final Telemetry telemetry = Telemetry.inMemory();
    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final BaseModel model = model();
    final ActivePartition partition = partition();
    final DomainWorker worker = domain(DOMAIN.value());
    final List<Long> deleted = new ArrayList<>();
    int groupBytes = StartWriter.GROUP_BYTES;
    boolean refuses;
    int learnt;
    private int asked;

    private static BaseModel model() {
        try {
            return new BaseModel(BiasModel.graph(), AdaptSettings.defaults().train());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    DomainWorker domain(String name) {
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

    StartPasses passes(Duration keep) {
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

    @Override
    public void close() {
        partition.close();
        model.close();
    }

    void learn(int count) {
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

    void run() {
        run(learnt);
    }

    void run(long position) {
        passes(KEEP).run(partition, position, PartitionReader.Pulse.NONE);
    }

    List<ProducerRecord<byte[], byte[]>> starts() {
        return producer.history().stream()
                .filter(each -> each.topic().equals(TOPICS.adaptationStarts()))
                .toList();
    }

    /** What was written since this was asked last. */
    List<StartPart> written() {
        List<ProducerRecord<byte[], byte[]>> all = starts();
        List<StartPart> parts = all.subList(asked, all.size()).stream()
                .map(each -> new StartCodec().part(each.value()))
                .toList();
        asked = all.size();
        return parts;
    }

    Set<SampleRef> references() {
        Checkpoint whole = worker.checkpoints().whole();
        Set<SampleRef> all = new HashSet<>(whole.getHoldoutList());
        all.addAll(whole.getReplayList());
        return all;
    }

    KeptStarts read(List<ProducerRecord<byte[], byte[]>> records) {
        KeptStarts read = new KeptStarts();
        for (int i = 0; i < records.size(); i++) {
            read.add(record(records.get(i), i));
        }
        return read;
    }

    static ConsumerRecord<byte[], byte[]> record(ProducerRecord<byte[], byte[]> written, long offset) {
        return new ConsumerRecord<>(TOPICS.adaptationStarts(), 0, offset, written.key(), written.value());
    }
}
