package io.acclimate.adapt.worker;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.registry.WeightReader;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.LossTerms;
import io.acclimate.train.Samples;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.UntrainableModelException;
import io.acclimate.train.offline.SmallCnn;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A source model, a shifted stream, and the topics between the test and a worker. */
public final class AdaptFixture implements AutoCloseable {
    public static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final LabelledImages SOURCE = Bundled.sourceReplay();

    public final Topics topics = TestBroker.uniqueTopics();
    private final KafkaProducer<byte[], byte[]> producer = TestBroker.producer();

    public AdaptFixture() {
        TestBroker.createTopics(topics);
    }

    /**
     * Settings by which versions serve as soon as none is shown to be worse: for tests of what becomes of versions, which should not
     * depend on when one is proven better. All effort is spent, since the fixture's mini-batches are of long ago.
     */
    static AdaptSettings eager() {
        AdaptSettings settings = AdaptSettings.defaults();
        return settings.withGate(settings.gate().withRule(GateSettings.Rule.NON_INFERIOR))
                .withFreshness(FreshnessSettings.NONE)
                .withPace(PaceSettings.NONE)
                .withRetention(RetentionSettings.ALL)
                // What is committed is looked at, and not how much is learnt.
                .withSteps(settings.steps().withReplay(7, settings.steps().replayCapacity()))
                .withOutput(new OutputSettings(8, Encoding.JSON));
    }

    /** A small CNN that knows the bundled source images a little. */
    public static ModelGraph sourceModel() {
        return Pretrained.GRAPH;
    }

    private static final class Pretrained {
        private static final ModelGraph FRESH = SmallCnn.fresh("small", SOURCE.classNames(), 1);
        static final ModelGraph GRAPH = FRESH.with(TrainedOnce.of(AdaptFixture.class, () -> trained(FRESH)));

        private static WeightDelta trained(ModelGraph fresh) {
            Samples samples = samples(fresh);
            SplitMix64 random = new SplitMix64(1);
            // Its head is bounded like its other layers, so that it stays the network that the tests were written for.
            TrainSettings settings = TrainSettings.defaults()
                    .withTerms(LossTerms.defaults().withReplay(0))
                    .withOptimizer(TrainSettings.defaults().optimizer().withFreshMove(0));
            try (Trainer trainer = Trainer.open(fresh, WeightDelta.EMPTY, settings)) {
                for (int step = 0; step < 400; step++) {
                    List<FloatTensor> rows = new ArrayList<>();
                    List<Integer> labels = new ArrayList<>();
                    for (int i = 0; i < 32; i++) {
                        int index = random.below(samples.size());
                        rows.add(samples.row(index));
                        labels.add(samples.label(index));
                    }
                    trainer.step(new LabelledBatch(FloatTensor.stack(rows), labels), Optional.empty());
                }
                return trainer.weights();
            } catch (UntrainableModelException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Under the label set of {@code graph}. */
    public static Samples samples(ModelGraph graph) {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        List<FloatTensor> rows = new ArrayList<>();
        for (int i = 0; i < SOURCE.size(); i++) {
            Payload png = new Payload(Bytes.wrap(Png.encode(SOURCE.pixels(i))), Optional.empty());
            rows.add(((Outcome.Ok<FloatTensor>)
                            decoder.toTensor(png, graph.card().input()))
                    .value());
        }
        return new Samples() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public FloatTensor row(int index) {
                return rows.get(index);
            }

            @Override
            public int label(int index) {
                String name = SOURCE.classNames().name(SOURCE.label(index));
                return graph.card().classes().index(name).orElseThrow();
            }
        };
    }

    /** Begins again when the images are used up, under new ids. */
    public static LabelledSample sample(LabelledImages images, int index) {
        int image = index % images.size();
        return new LabelledSample(
                new ImageId("image-" + index),
                images.label(image),
                images.classNames().name(images.label(image)),
                new Payload(Bytes.wrap(Png.encode(images.pixels(image))), Optional.of("image/png")),
                new Coordinates("labels", 0, index),
                TIME.plusMillis(index));
    }

    public static FloatTensor row(LabelledImages images, int index, ModelGraph graph) {
        Payload png = new Payload(Bytes.wrap(Png.encode(images.pixels(index))), Optional.empty());
        return ((Outcome.Ok<FloatTensor>) new ImageDecoder(ImageLimits.defaults())
                        .toTensor(png, graph.card().input()))
                .value();
    }

    public void sendBatches(DomainId domain, LabelledImages images, int from, int count) {
        for (int sequence = from; sequence < from + count; sequence++) {
            List<LabelledSample> samples = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                samples.add(sample(images, sequence * 32 + i));
            }
            send(domain, sequence, samples);
        }
    }

    /** The record of 32 images without labels. */
    public void sendUnlabelled(DomainId domain, LabelledImages images, int sequence) {
        List<MiniBatch.UnlabelledImage> unlabelled = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            LabelledSample sample = sample(images, sequence * 32 + i);
            unlabelled.add(new MiniBatch.UnlabelledImage(sample.imageId(), sample.image(), sample.label()));
        }
        send(
                topics.miniBatches(),
                domain,
                new MiniBatchCodec().encode(MiniBatch.unlabelled(domain, sequence, unlabelled, TIME)));
    }

    public void send(DomainId domain, long sequence, List<LabelledSample> samples) {
        MiniBatch batch = new MiniBatch(domain, sequence, MiniBatch.FlushCause.COUNT, samples, TIME, TIME);
        send(topics.miniBatches(), domain, new MiniBatchCodec().encode(batch));
    }

    /** A record that is no mini-batch, on the domain's partition. */
    void sendUnreadable(DomainId domain) {
        send(topics.miniBatches(), domain, new byte[] {(byte) 0xff});
    }

    public void send(ControlCommand command) {
        send(topics.modelControl(), command.domain(), new ControlCodec().encode(command));
    }

    /** A version's record by itself, as nobody writes it: in place of the one that is there. */
    void put(ModelVersion version) {
        VersionCodec codec = new VersionCodec();
        int partition = Partitions.ofDomain(version.id().domain(), TopicPlan.DEFAULT.domainPartitions());
        send(new ProducerRecord<>(topics.modelVersions(), partition, codec.key(version.id()), codec.encode(version)));
    }

    private void send(String topic, DomainId domain, byte[] value) {
        send(new ProducerRecord<>(topic, domain.value().getBytes(StandardCharsets.UTF_8), value));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** A version that no worker made, with the tensors of {@code parent}, all of one value. */
    public void publishUniform(VersionId id, long parent, float weight) {
        ModelGraph graph = sourceModel();
        Map<String, FloatTensor> tensors = new HashMap<>();
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), topics)) {
            ModelVersion version =
                    reader.find(new VersionId(id.domain(), parent)).orElseThrow();
            ((Fetched.Weights) reader.fetch(version)).delta().tensors().forEach((name, tensor) -> {
                float[] values = new float[(int) tensor.shape().elements()];
                Arrays.fill(values, weight);
                tensors.put(name, FloatTensor.wrap(tensor.shape(), values));
            });
        }
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("transactional.id", topics.prefix() + "rogue");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            new VersionPublisher(topics)
                    .publish(
                            producer,
                            id,
                            parent,
                            graph.digest(),
                            graph.card().classes(),
                            WeightDelta.of(tensors),
                            TIME,
                            Map.of());
            producer.commitTransaction();
        }
    }

    /** All committed records of a topic now. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(50)).forEach(all::add);
            }
        }
        return all;
    }

    public List<AdaptationEvent> events() {
        EventCodec codec = new EventCodec(WireFormat.JSON);
        return read(topics.adaptationEvents()).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    public <E extends AdaptationEvent> List<E> events(Class<E> kind, DomainId domain) {
        return events().stream()
                .filter(event -> event.domain().equals(domain))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Override
    public void close() {
        producer.close();
    }
}
