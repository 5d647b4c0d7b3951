package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.data.SourceData;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.process.Node;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.image.RgbImage;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.WeightReader;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A model of ten classes is told of two more, in labels, while it serves. */
class NewClassesIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String NEW_CLASSES =
            "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot," + "stripes,checks";

    /** Samples say their class by name, so that the order of another process's list changes nothing. */
    private static final String OTHER_ORDER =
            "checks,stripes,Ankle boot,Bag,Sneaker,Shirt,Sandal,Coat,Dress,Pullover,Trouser,T-shirt/top";

    @TempDir
    Path folder;

    private final Topics topics = TestBroker.uniqueTopics();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final LabelledImages known = Bundled.targetTest();
    private final Random random = new Random(1);
    private final PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
    private final KafkaProducer<byte[], byte[]> producer = TestBroker.producer();
    private int sent;

    @BeforeEach
    void createTopics() {
        TestBroker.createTopics(topics);
    }

    @AfterEach
    void close() {
        producer.close();
        telemetry.close();
    }

    private static ModelOptions model(String... arguments) {
        return CommandLine.populateCommand(new ModelOptions(), arguments);
    }

    private Node node() throws Exception {
        ModelOptions wider = model("--classes", NEW_CLASSES);
        ModelGraph graph = wider.graph();
        Pipeline learning = new Pipeline(TestBroker.clientProperties(), topics, graph, telemetry);
        Pipeline buffering = new Pipeline(
                TestBroker.clientProperties(),
                topics,
                model("--classes", OTHER_ORDER).graph(),
                telemetry);
        // Serving is not told: it learns the classes from the versions.
        Pipeline serving = new Pipeline(TestBroker.clientProperties(), topics, model().graph(), telemetry);
        return new Node(List.of(
                serving.serve(ServeSettings.defaults()),
                buffering.minibatch(MiniBatchSettings.defaults().withStateDir(folder)),
                learning.adapt(AdaptSettings.defaults(), SourceData.of("", wider, graph))));
    }

    /** Two patterns that no garment has, each time at another place and brightness. */
    private byte[] pattern(String name) {
        int size = 28;
        int period = 4 + random.nextInt(4);
        int shift = random.nextInt(8);
        int bright = 150 + random.nextInt(100);
        byte[] rgb = new byte[size * size * 3];
        for (int i = 0; i < size * size; i++) {
            boolean row = (i / size + shift) / period % 2 == 0;
            boolean column = (i % size + shift) / period % 2 == 0;
            boolean on = name.equals("stripes") ? row : row == column;
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = (byte) (on ? bright : random.nextInt(30));
            }
        }
        return Png.encode(RgbImage.wrap(size, size, rgb));
    }

    private void label(byte[] png, String label) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.labels(), bytes("label-" + sent++), png);
        record.headers().add("label", bytes(label));
        send(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is lost fails the test
    private void send(ProducerRecord<byte[], byte[]> record) {
        producer.send(record);
    }

    /** In the order of the images. */
    private List<Prediction> predicted(List<byte[]> pngs) {
        String prefix = "image-" + sent++ + "-";
        for (int i = 0; i < pngs.size(); i++) {
            send(new ProducerRecord<>(topics.images(), bytes(prefix + (1000 + i)), pngs.get(i)));
        }
        List<Prediction> found = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            found.clear();
            read().stream()
                    .filter(each -> each.imageId().value().startsWith(prefix))
                    .sorted(Comparator.comparing(each -> each.imageId().value()))
                    .forEach(found::add);
            return found.size() == pngs.size();
        });
        return found;
    }

    private List<Prediction> read() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        List<Prediction> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.predictions()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> all.add(codec.decode(record.value())));
            }
        }
        return all;
    }

    @Test
    void labelsOfNewClassesTrainThemAndPredictionsNameThem() throws Exception {
        try (Node node = node()) {
            node.start();
            await().atMost(LIMIT).until(() -> node.waitingFor().isEmpty());
            Prediction before = predicted(List.of(pattern("stripes"))).get(0);
            assertThat(before.modelVersion()).isZero();
            assertThat(before.topK()).noneMatch(score -> score.label().equals("stripes"));

            for (int i = 0; i < 640; i++) {
                if (i % 4 < 2) {
                    String name = i % 2 == 0 ? "stripes" : "checks";
                    label(pattern(name), name);
                } else {
                    label(Png.encode(known.pixels(i)), known.classNames().name(known.label(i)));
                }
            }

            await().atMost(LIMIT).untilAsserted(() -> {
                List<String> names = List.of("stripes", "checks", "stripes", "checks", "stripes", "checks");
                assertThat(predicted(names.stream().map(this::pattern).toList()))
                        .allSatisfy(each -> assertThat(each.modelVersion()).isPositive())
                        .extracting(each -> each.best().label())
                        .isEqualTo(names);
            });
            // Many, so that the share is the model's and not theirs.
            int garmentCount = 400;
            List<byte[]> garments = IntStream.range(1000, 1000 + garmentCount)
                    .mapToObj(i -> Png.encode(known.pixels(i)))
                    .toList();
            List<Prediction> now = predicted(garments);
            long right = IntStream.range(0, garmentCount)
                    .filter(i -> now.get(i).best().classIndex() == known.label(1000 + i))
                    .count();
            assertThat(right / (double) garmentCount).isGreaterThan(0.7);
            try (WeightReader versions = WeightReader.open(TestBroker.clientProperties(), topics)) {
                assertThat(versions.catalogue().versions().values())
                        .isNotEmpty()
                        .allSatisfy(version -> assertThat(version.classes())
                                .containsExactlyElementsOf(List.of(NEW_CLASSES.split(","))));
            }
        }
    }
}
