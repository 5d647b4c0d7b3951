package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology under Kafka's test driver, which has no network and a clock of its own. */
public final class LabelStream implements AutoCloseable {
    static final ClassNames CLASSES = new ClassNames(List.of("shirt", "boot", "bag"));
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final Telemetry telemetry = Telemetry.inMemory();
    final TopologyTestDriver driver;
    final Map<Coordinates, Outcome<Payload>> images = new ConcurrentHashMap<>();
    /** How many images each read of a sample asked for. */
    final List<Integer> sampled = new ArrayList<>();
    /** How many reads labels caused. */
    int reads;

    private final MiniBatchTopology.Waiting waiting = new MiniBatchTopology.Waiting();
    private final TestInputTopic<byte @Nullable [], byte @Nullable []> labels;
    private final Optional<TestInputTopic<byte[], byte[]>> predictions;

    LabelStream(MiniBatchSettings settings, Path stateDir) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(
                MiniBatchTopology.build(CLASSES, Topics.DEFAULT, settings, telemetry, new Images(), waiting),
                properties,
                START);
        labels = driver.createInputTopic(
                Topics.DEFAULT.labels(), new ByteArraySerializer(), new ByteArraySerializer(), START, Duration.ZERO);
        predictions = settings.join().isOn()
                ? Optional.of(driver.createInputTopic(
                        Topics.DEFAULT.predictions(), new ByteArraySerializer(), new ByteArraySerializer()))
                : Optional.empty();
    }

    /** Answers what {@link #images} holds, as a log does. */
    private final class Images implements PixelSource {
        @Override
        public Map<Coordinates, Outcome<Payload>> read(Map<Coordinates, ImageId> wanted) {
            reads++;
            return answers(wanted);
        }

        private Map<Coordinates, Outcome<Payload>> answers(Map<Coordinates, ImageId> wanted) {
            Map<Coordinates, Outcome<Payload>> answers = new HashMap<>(images);
            answers.keySet().retainAll(wanted.keySet());
            return answers;
        }

        @Override
        public Map<Coordinates, Outcome<Payload>> sample(Map<Coordinates, ImageId> wanted) {
            sampled.add(wanted.size());
            return answers(wanted);
        }

        @Override
        public void close() {}
    }

    long pendingLabels() {
        return waiting.labels().get();
    }

    long waiting() {
        return waiting.samples().get();
    }

    void send(String image, String label, String domain, byte[] pixels) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8(label));
        headers.add("domain", utf8(domain));
        send(utf8(image), pixels, headers);
    }

    void send(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        send(key, value, headers, START);
    }

    void send(byte @Nullable [] key, byte @Nullable [] value, Headers headers, Instant time) {
        labels.pipeInput(new TestRecord<>(key, value, headers, time));
    }

    void predict(String id, byte[] value, Headers headers) {
        predict(id, value, headers, START);
    }

    void predict(String id, byte[] value, Headers headers, Instant time) {
        predictions.orElseThrow().pipeInput(new TestRecord<>(utf8(id), value, headers, time));
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    List<MiniBatch> miniBatches() {
        MiniBatchCodec codec = new MiniBatchCodec();
        return read(Topics.DEFAULT.miniBatches()).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return read(Topics.DEFAULT.deadLetters());
    }

    private List<TestRecord<byte[], byte[]>> read(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> images(MiniBatch batch) {
        return batch.samples().stream().map(sample -> sample.imageId().value()).toList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
