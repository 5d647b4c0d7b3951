package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.FlushCause;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.DeadLetters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniBatchTopologyTest {
    private static final int MAX_SAMPLES = 3;
    private static final int MAX_BYTES = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private LabelStream stream;

    @BeforeEach
    void open() {
        stream = new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withJoin(JoinSettings.OFF)
                        .withFlush(new FlushSettings(MAX_SAMPLES, MAX_BYTES, WAIT)),
                directory);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void flushesByCountAndNumbersEachDomainAlone() {
        for (int i = 0; i < 6; i++) {
            stream.send("a" + i, "boot", "site-a", utf8("png"));
        }
        for (int i = 0; i < 3; i++) {
            stream.send("b" + i, "2", "site-b", utf8("png"));
        }
        List<MiniBatch> batches = stream.miniBatches();
        assertThat(batches).extracting(MiniBatch::cause).containsOnly(FlushCause.COUNT);
        assertThat(batches)
                .extracting(MiniBatch::domain)
                .containsExactly(new DomainId("site-a"), new DomainId("site-a"), new DomainId("site-b"));
        assertThat(batches).extracting(MiniBatch::sequence).containsExactly(0L, 1L, 0L);
        assertThat(LabelStream.images(batches.get(1))).containsExactly("a3", "a4", "a5");
        assertThat(batches.get(0).samples().get(0).classIndex()).isEqualTo(1);
        assertThat(batches.get(2).samples().get(2).label()).hasToString("labels-0-8");
    }

    @Test
    void flushesBeforeTheLimitInBytesAndLetsALargeImageGoAlone() {
        stream.send("small", "boot", "default", new byte[300]);
        stream.send("large", "boot", "default", new byte[5_000]);
        List<MiniBatch> batches = stream.miniBatches();
        assertThat(batches).extracting(MiniBatch::cause).containsExactly(FlushCause.BYTES, FlushCause.BYTES);
        assertThat(batches).extracting(LabelStream::images).containsExactly(List.of("small"), List.of("large"));
    }

    /** Under a broker a record that is too far ahead is refused, and the label that it comes of is tried for ever. */
    @Test
    void aLabelFromTheFutureIsPassedOnWithTheTimeOfTodayAndKeepsItsOwn() {
        Instant ahead = LabelStream.START.plus(Duration.ofHours(2));
        stream.send(utf8("a"), utf8("png"), new RecordHeaders().add("label", utf8("boot")), ahead);
        stream.pass(WAIT);

        var internal = stream.driver.createOutputTopic(
                "test-by-domain-repartition", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        assertThat(internal.readRecord().getRecordTime()).isEqualTo(LabelStream.START);
        assertThat(stream.miniBatches().get(0).samples().get(0).labelTime()).isEqualTo(ahead);
    }

    @Test
    void flushesByTimeSinceTheFirstSample() {
        stream.send("a", "boot", "default", utf8("png"));
        stream.pass(WAIT.minusMillis(100));
        stream.send("b", "boot", "default", utf8("png"));
        assertThat(stream.miniBatches()).isEmpty();
        assertThat(stream.waiting()).isEqualTo(2);

        stream.pass(Duration.ofMillis(200));

        List<MiniBatch> batches = stream.miniBatches();
        assertThat(batches).extracting(MiniBatch::cause).containsExactly(FlushCause.TIME);
        assertThat(LabelStream.images(batches.get(0))).containsExactly("a", "b");
        assertThat(stream.waiting()).isZero();
    }

    @Test
    void fault17RefusesBadLabelRecordsWithReasonAndCoordinatesAndGoesOn() {
        Headers boot = new RecordHeaders().add("label", utf8("boot"));
        stream.send("a", "sandal", "default", utf8("png"));
        stream.send("b", "3", "default", utf8("png"));
        stream.send("c", "-1", "default", utf8("png"));
        stream.send("d", "99999999999", "default", utf8("png"));
        stream.send("e", "boot", "../etc", utf8("png"));
        stream.send(utf8("f"), null, new RecordHeaders(boot));
        stream.send(utf8("g"), new byte[0], new RecordHeaders(boot));
        stream.send(utf8("h"), utf8("png"), new RecordHeaders());
        stream.send(utf8("i"), utf8("png"), new RecordHeaders().add("label", new byte[] {(byte) 0xff, 1}));
        stream.send(utf8("j"), utf8("png"), new RecordHeaders().add("label", null));
        stream.send(new byte[] {(byte) 0xc0}, utf8("png"), new RecordHeaders(boot));
        stream.send(utf8("k"), utf8("png"), new RecordHeaders(boot).add("domain", new byte[] {(byte) 0xfe}));
        stream.send(utf8("l"), utf8("png"), new RecordHeaders(boot).add("content-type", new byte[] {(byte) 0xfe}));
        stream.send(null, utf8("png"), new RecordHeaders(boot));
        stream.pass(WAIT);

        List<TestRecord<byte[], byte[]>> letters = stream.deadLetters();
        assertThat(letters)
                .extracting(letter -> header(letter, DeadLetters.REASON))
                .containsExactly(
                        "UNKNOWN_CLASS",
                        "UNKNOWN_CLASS",
                        "UNKNOWN_CLASS",
                        "UNKNOWN_CLASS",
                        "INVALID_HEADER",
                        "MISSING_PIXELS",
                        "MISSING_PIXELS",
                        "MISSING_LABEL",
                        "INVALID_HEADER",
                        "MISSING_LABEL",
                        "INVALID_IMAGE_ID",
                        "INVALID_HEADER",
                        "INVALID_HEADER");
        assertThat(letters.get(0).value()).isEqualTo(utf8("png"));
        assertThat(letters.get(0).key()).isEqualTo(utf8("a"));
        assertThat(header(letters.get(0), "label")).isEqualTo("sandal");
        assertThat(header(letters.get(0), DeadLetters.MESSAGE)).contains("'sandal'");
        assertThat(header(letters.get(2), DeadLetters.TOPIC)).isEqualTo("labels");
        assertThat(header(letters.get(2), DeadLetters.OFFSET)).isEqualTo("2");
        assertThat(header(letters.get(5), DeadLetters.MESSAGE)).contains("pixels are needed");
        assertThat(stream.miniBatches()).singleElement().satisfies(batch -> assertThat(LabelStream.images(batch))
                .containsExactly("labels-0-13"));
        assertThat(stream.telemetry.total(Meter.LABELS_RECEIVED))
                .isEqualTo(stream.telemetry.total(Meter.SAMPLES_BATCHED)
                        + stream.telemetry.total(Meter.DEAD_LETTERS, Refusals.STAGE));
    }

    @Test
    void fault21TakesTheSameImageTwiceAsTwoSamples() {
        stream.send("a", "boot", "default", utf8("png"));
        stream.send("a", "boot", "default", utf8("png"));
        stream.send("a", "bag", "default", utf8("png"));
        assertThat(stream.miniBatches()).singleElement().satisfies(batch -> assertThat(batch.samples())
                .extracting(sample -> sample.classIndex())
                .containsExactly(1, 1, 2));
        assertThat(stream.telemetry.total(Meter.SAMPLES_BATCHED)).isEqualTo(3);
    }

    @Test
    void fault21UnknownAndOutOfRangeClassesAreCountedAndNeverBatched() {
        List<String> bad = List.of("sandal", "3", "-1", "2147483648", "99999999999", "1.0", "0x1", " boot", "٢");
        bad.forEach(label -> stream.send("a", label, "default", utf8("png")));
        stream.pass(WAIT);

        assertThat(stream.deadLetters())
                .hasSize(bad.size())
                .extracting(letter -> header(letter, DeadLetters.REASON))
                .containsOnly("UNKNOWN_CLASS");
        assertThat(stream.telemetry.total(Meter.DEAD_LETTERS, Refusals.STAGE, "UNKNOWN_CLASS"))
                .isEqualTo(bad.size());
        assertThat(stream.miniBatches()).isEmpty();
    }

    @Test
    void fault21LabelsOfUnseenImagesNeedTheirPixelsAndThoseADayLateOrFromTheFutureAreSamples() {
        Headers boot = new RecordHeaders().add("label", utf8("boot"));
        stream.send(utf8("unseen"), null, new RecordHeaders(boot));
        stream.send(utf8("late"), utf8("png"), new RecordHeaders(boot), LabelStream.START.minus(Duration.ofDays(1)));
        stream.send(utf8("future"), utf8("png"), new RecordHeaders(boot), Instant.ofEpochMilli(Long.MAX_VALUE));
        stream.send(utf8("unseen"), utf8("png"), new RecordHeaders(boot));

        assertThat(stream.deadLetters())
                .extracting(letter -> header(letter, DeadLetters.REASON))
                .containsExactly("MISSING_PIXELS");
        assertThat(stream.miniBatches()).singleElement().satisfies(batch -> assertThat(LabelStream.images(batch))
                .containsExactly("late", "future", "unseen"));
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
