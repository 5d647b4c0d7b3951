package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.MiniBatch;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels as an attack path: what the topology lets through to training. */
@Tag("slow")
class HostileLabelsTopologyTest {
    private static final int BURST = 50;
    private static final int PER_SECOND = 10;

    @TempDir
    Path directory;

    private LabelStream stream(LabelLimits limits) {
        return new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withFlush(new FlushSettings(32, 1 << 20, Duration.ofSeconds(2)))
                        .withLabelLimits(limits),
                directory);
    }

    @Test
    void fault22AFloodFromOneProducerIsLimitedAndTheOthersAreNot() {
        try (LabelStream stream = stream(new LabelLimits(PER_SECOND, BURST, 1, 8))) {
            for (int i = 0; i < 1_000; i++) {
                send(stream, "flood-" + i, i % 3, "mallory");
                if (i % 50 == 0) {
                    send(stream, "good-" + i, i % 3, "alice");
                    send(stream, "plain-" + i, i % 3, "");
                }
            }
            stream.pass(Duration.ofSeconds(3));

            List<String> learnt = images(stream);
            assertThat(learnt).filteredOn(image -> image.startsWith("good-")).hasSize(20);
            assertThat(learnt).filteredOn(image -> image.startsWith("plain-")).hasSize(20);
            assertThat(learnt).filteredOn(image -> image.startsWith("flood-")).hasSize(BURST);
            List<TestRecord<byte[], byte[]>> letters = stream.deadLetters();
            assertThat(letters).hasSize(1_000 - BURST).allSatisfy(letter -> {
                assertThat(header(letter, DeadLetters.REASON)).isEqualTo("RATE_LIMITED");
                assertThat(header(letter, DeadLetters.MESSAGE)).contains("mallory");
                assertThat(header(letter, "label")).isNotBlank();
                assertThat(letter.value()).isEqualTo(utf8("png"));
            });
            assertThat(stream.telemetry.total(Meter.LABELS_RECEIVED))
                    .isEqualTo(stream.telemetry.total(Meter.SAMPLES_BATCHED)
                            + stream.telemetry.total(Meter.DEAD_LETTERS, Refusals.STAGE));

            for (int i = 0; i < 100; i++) {
                send(stream, "again-" + i, i % 3, "mallory");
            }
            stream.pass(Duration.ofSeconds(3));
            assertThat(images(stream)).hasSize(3 * PER_SECOND);
        }
    }

    @Test
    void fault22MadeUpSourcesShareOneRate() {
        try (LabelStream stream = stream(new LabelLimits(PER_SECOND, BURST, 1, 8))) {
            for (int i = 0; i < 5_000; i++) {
                send(stream, "flood-" + i, i % 3, "made-up-" + i);
            }
            stream.pass(Duration.ofSeconds(3));

            assertThat(images(stream)).hasSize(RateLimit.MAX_SOURCES + BURST);
        }
    }

    @Test
    void fault22MadeUpDomainsAreRefusedBeyondTheLimit() {
        try (LabelStream stream = stream(new LabelLimits(0, 1, 1, 8))) {
            for (int i = 0; i < 100; i++) {
                stream.send("image-" + i, "boot", "domain-" + i, utf8("png"));
            }
            stream.pass(Duration.ofSeconds(3));

            assertThat(images(stream)).hasSize(8);
            assertThat(stream.deadLetters()).hasSize(92);
        }
    }

    @Test
    void fault22OneClassFillsNoMoreThanItsShareOfAMiniBatch() {
        try (LabelStream stream = stream(new LabelLimits(0, 1, 0.5, 8))) {
            for (int i = 0; i < 500; i++) {
                send(stream, "bag-" + i, 2, "mallory");
                if (i % 10 == 0) {
                    send(stream, "boot-" + i, 1, "alice");
                }
            }
            stream.pass(Duration.ofSeconds(3));

            List<MiniBatch> batches = stream.miniBatches();
            assertThat(batches).isNotEmpty().allSatisfy(batch -> {
                Map<Integer, Long> classes = batch.samples().stream()
                        .collect(Collectors.groupingBy(sample -> sample.classIndex(), Collectors.counting()));
                assertThat(classes.values()).allMatch(count -> count <= 16);
            });
            assertThat(batches.stream().flatMap(batch -> LabelStream.images(batch).stream()))
                    .filteredOn(image -> image.startsWith("boot-"))
                    .hasSize(50);
            assertThat(stream.deadLetters()).isNotEmpty().allSatisfy(letter -> assertThat(
                            header(letter, DeadLetters.REASON))
                    .isEqualTo("CLASS_SHARE"));
        }
    }

    @Test
    void rightLabelsThatComeSortedByClassAllReachAMiniBatchByDefault() {
        try (LabelStream stream = stream(LabelLimits.DEFAULT)) {
            for (int i = 0; i < 96; i++) {
                send(stream, "image-" + i, i / 32, "alice");
            }
            stream.pass(Duration.ofSeconds(3));

            assertThat(images(stream)).hasSize(96);
            assertThat(stream.deadLetters()).isEmpty();
        }
    }

    private static void send(LabelStream stream, String image, int classIndex, String source) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8(Integer.toString(classIndex)));
        if (!source.isEmpty()) {
            headers.add("source", utf8(source));
        }
        stream.send(utf8(image), utf8("png"), headers);
    }

    private static List<String> images(LabelStream stream) {
        return stream.miniBatches().stream()
                .flatMap(batch -> LabelStream.images(batch).stream())
                .toList();
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
