package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels without bytes, joined by image id to what was served. */
@Tag("slow")
class LateJoinTopologyTest {
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FLUSH = Duration.ofSeconds(3);
    private static final int MAX_WAITING = 5;

    @TempDir
    Path directory;

    private LabelStream stream;

    @BeforeEach
    void open() {
        stream = new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withFlush(new FlushSettings(32, 1 << 20, Duration.ofSeconds(2)))
                        .withJoin(new JoinSettings(RETENTION, PATIENCE, MAX_WAITING)),
                directory);
    }

    @AfterEach
    void close() {
        assertThat(stream.telemetry.total(Meter.LABELS_RECEIVED))
                .isEqualTo(stream.telemetry.total(Meter.SAMPLES_BATCHED)
                        + stream.telemetry.total(Meter.DEAD_LETTERS, Refusals.STAGE)
                        + stream.pendingLabels()
                        + stream.waiting());
        stream.close();
    }

    @Test
    void labelsTheImageThatWasServedWithItsBytesItsContentTypeAndItsDomain() {
        serve("cat-1", 7, "site-a");
        label("cat-1", "boot");
        settle();

        MiniBatch batch = only(stream.miniBatches());
        assertThat(batch.domain()).isEqualTo(new DomainId("site-a"));
        assertThat(batch.samples())
                .containsExactly(new LabelledSample(
                        new ImageId("cat-1"),
                        1,
                        "boot",
                        new Payload(Bytes.utf8("pixels of cat-1"), Optional.of("image/png")),
                        new Coordinates("labels", 0, 0),
                        LabelStream.START));
        assertThat(stream.deadLetters()).isEmpty();
        assertThat(stream.telemetry.total(Meter.LABELS_JOINED)).isEqualTo(1);
    }

    @Test
    void aLabelThatNamesADomainIsOfThatOne() {
        serve("cat-1", 7, "site-a");
        stream.send(
                utf8("cat-1"),
                new byte[0],
                new RecordHeaders().add("label", utf8("boot")).add("domain", utf8("site-b")));
        settle();

        assertThat(only(stream.miniBatches()).domain()).isEqualTo(new DomainId("site-b"));
    }

    @Test
    void readsPredictionsOfEitherFormatWithoutOurHeaders() {
        for (WireFormat format : List.of(WireFormat.JSON, WireFormat.PROTOBUF)) {
            ImageId id = new ImageId(format.name());
            Coordinates at = new Coordinates("images", 0, format == WireFormat.JSON ? 0 : 1);
            Prediction prediction = new Prediction(
                    id,
                    new DomainId("site-a"),
                    List.of(new ClassScore(0, "shirt", 1)),
                    0,
                    at,
                    LabelStream.START,
                    Duration.ZERO);
            stream.images.put(at, pixels(id.value()));
            stream.predict(id.value(), new PredictionCodec(format).encode(prediction), new RecordHeaders());
            label(id.value(), "bag");
        }
        stream.predict("nothing", utf8("no prediction"), new RecordHeaders());
        settle();

        assertThat(LabelStream.images(only(stream.miniBatches()))).containsExactly("JSON", "PROTOBUF");
    }

    @Test
    void aLabelThatComesFirstWaitsForItsPrediction() {
        label("cat-1", "boot");
        stream.pass(PATIENCE.minusSeconds(5));
        assertThat(stream.pendingLabels()).isEqualTo(1);
        assertThat(stream.deadLetters()).isEmpty();

        serve("cat-1", 7, "");
        settle();

        assertThat(LabelStream.images(only(stream.miniBatches()))).containsExactly("cat-1");
        assertThat(stream.pendingLabels()).isZero();
    }

    @Test
    void fault21LabelsOfImagesNeverSeenAreDeadLettersThatSayTheRule() {
        label("ghost", "boot");
        stream.send(utf8("ghost-2"), null, new RecordHeaders().add("label", utf8("bag")));
        stream.send(null, new byte[0], new RecordHeaders().add("label", utf8("bag")));
        stream.pass(PATIENCE.plus(FLUSH));

        var letters = stream.deadLetters();
        assertThat(letters)
                .allSatisfy(each -> assertThat(header(each, DeadLetters.REASON)).isEqualTo("MISSING_PIXELS"));
        assertThat(letters).extracting(each -> header(each, DeadLetters.OFFSET)).containsExactly("2", "0", "1");
        assertThat(header(letters.get(1), DeadLetters.MESSAGE)).contains("ghost", "24 h", "60 s");
        assertThat(header(letters.get(1), "label")).isEqualTo("boot");
        assertThat(letters.get(1).key()).isEqualTo(utf8("ghost"));
        assertThat(letters.get(1).value()).isEmpty();
        assertThat(letters.get(2).value()).isNull();
        assertThat(stream.miniBatches()).isEmpty();
    }

    @Test
    void fault21NoMoreLabelsWaitThanTheLimit() {
        for (int i = 0; i <= MAX_WAITING; i++) {
            label("ghost-" + i, "boot");
        }

        assertThat(only(stream.deadLetters()).key()).isEqualTo(utf8("ghost-" + MAX_WAITING));
        assertThat(stream.pendingLabels()).isEqualTo(MAX_WAITING);
    }

    @Test
    void labelsKeepWaitingWhileOldPredictionsComeIn() {
        label("cat-1", "boot");
        for (int i = 0; i < 10; i++) {
            stream.pass(PATIENCE.dividedBy(2));
            serve("dog-" + i, 100 + i, "", LabelStream.START.minus(Duration.ofHours(1)));
        }
        assertThat(stream.deadLetters()).isEmpty();

        serve("cat-1", 7, "");
        settle();

        assertThat(LabelStream.images(only(stream.miniBatches()))).containsExactly("cat-1");
    }

    @Test
    void fault21ALabelADayLateIsJoinedWithinTheRetentionAndRefusedAfterIt() {
        serve("cat-1", 7, "");
        serve("cat-2", 8, "");
        stream.pass(RETENTION.minusMinutes(1));
        label("cat-1", "boot");
        settle();
        assertThat(LabelStream.images(only(stream.miniBatches()))).containsExactly("cat-1");

        stream.pass(Duration.ofMinutes(2));
        label("cat-2", "boot");
        stream.pass(PATIENCE.plus(FLUSH));

        assertThat(header(only(stream.deadLetters()), DeadLetters.REASON)).isEqualTo("MISSING_PIXELS");
    }

    @Test
    void fault21TheSameLabelAgainIsADuplicateAndAnotherAConflictAndTheFirstStays() {
        serve("cat-1", 7, "");
        label("cat-1", "boot");
        label("cat-1", "boot");
        label("cat-1", "bag");
        stream.pass(Duration.ofMillis(10));
        // Predicted again, as serving may when it delivers at least once.
        serve("cat-1", 7, "");
        settle();
        label("cat-1", "bag");

        assertThat(only(stream.miniBatches()).samples())
                .extracting(LabelledSample::className)
                .containsExactly("boot");
        var letters = stream.deadLetters();
        assertThat(letters)
                .extracting(each -> header(each, DeadLetters.REASON))
                .containsExactly("DUPLICATE_LABEL", "LABEL_CONFLICT", "LABEL_CONFLICT");
        assertThat(header(letters.get(1), DeadLetters.MESSAGE)).contains("cat-1", "images-0-7", "'boot'", "'bag'");
    }

    @Test
    void fault21OfImagesWithOneIdTheLastServedIsLabelled() {
        serve("cat-1", 7, "");
        label("cat-1", "boot");
        stream.pass(Duration.ofMillis(100));
        serve("cat-1", 8, "");
        stream.images.put(new Coordinates("images", 0, 8), pixels("the other cat"));
        label("cat-1", "bag");
        settle();

        assertThat(only(stream.miniBatches()).samples())
                .extracting(sample -> new String(sample.image().bytes().array(), StandardCharsets.UTF_8))
                .containsExactly("pixels of cat-1", "pixels of the other cat");
        assertThat(stream.deadLetters()).isEmpty();
    }

    @Test
    void anImageWhoseBytesAreGoneIsADeadLetterAndOneThatDoesNotAnswerIsAskedAgain() {
        serve("gone", 7, "");
        serve("slow", 8, "");
        stream.images.remove(new Coordinates("images", 0, 8));
        stream.images.put(
                new Coordinates("images", 0, 7), Outcome.refused(DeadLetterReason.MISSING_PIXELS, "not kept any more"));
        label("gone", "boot");
        label("slow", "boot");
        stream.pass(PATIENCE.multipliedBy(2));
        assertThat(header(only(stream.deadLetters()), DeadLetters.MESSAGE)).contains("not kept any more");
        assertThat(stream.pendingLabels()).isEqualTo(1);

        stream.images.put(new Coordinates("images", 0, 8), pixels("slow"));
        // The end of the read that was not answered, and that of the pause after it.
        stream.pass(FLUSH);
        stream.pass(FLUSH);
        settle();

        assertThat(LabelStream.images(only(stream.miniBatches()))).containsExactly("slow");
    }

    /** A read that is not answered takes a second itself, which the clock of the driver does not show. */
    @Test
    void thePauseAfterAReadThatIsNotAnsweredBeginsAtItsEnd() {
        serve("slow", 8, "");
        stream.images.remove(new Coordinates("images", 0, 8));
        label("slow", "boot");
        stream.pass(Duration.ofMillis(50));
        assertThat(stream.reads).isEqualTo(1);

        stream.pass(Duration.ofSeconds(1));
        assertThat(stream.reads).as("when it ends").isEqualTo(1);
        stream.pass(Duration.ofMillis(950));
        assertThat(stream.reads).as("in the pause").isEqualTo(1);
        stream.pass(Duration.ofMillis(50));
        assertThat(stream.reads).isEqualTo(2);
    }

    @Test
    void fault22JoinedLabelsAreLimitedAsOthers() {
        stream.close();
        stream = new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withLabelLimits(new LabelLimits(1, 2, 1, 8)),
                directory);
        for (int i = 0; i < 5; i++) {
            serve("cat-" + i, i, "site-a");
            label("cat-" + i, "boot");
        }
        settle();

        assertThat(only(stream.miniBatches()).samples()).hasSize(2);
        var letters = stream.deadLetters();
        assertThat(letters).hasSize(3).allSatisfy(each -> {
            assertThat(header(each, DeadLetters.REASON)).isEqualTo("RATE_LIMITED");
            assertThat(header(each, "domain")).isEqualTo("site-a");
            assertThat(header(each, "content-type")).isEqualTo("image/png");
        });
        assertThat(letters.get(0).value()).isEqualTo(utf8("pixels of cat-2"));
    }

    /** Bytes are read at one tick of the clock, and flushed at another. */
    private void settle() {
        stream.pass(Duration.ofMillis(100));
        stream.pass(FLUSH);
    }

    private void serve(String id, long offset, String domain) {
        serve(id, offset, domain, LabelStream.START.plus(RETENTION));
    }

    private void serve(String id, long offset, String domain, Instant time) {
        Coordinates at = new Coordinates("images", 0, offset);
        stream.images.put(at, pixels(id));
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_id", utf8(at.toString()));
        if (!domain.isEmpty()) {
            headers.add("domain", utf8(domain));
        }
        stream.predict(id, utf8("read from the headers"), headers, time);
    }

    private static Outcome<Payload> pixels(String id) {
        return Outcome.ok(new Payload(Bytes.utf8("pixels of " + id), Optional.of("image/png")));
    }

    private void label(String id, String label) {
        stream.send(utf8(id), new byte[0], new RecordHeaders().add("label", utf8(label)));
    }

    private static <T> T only(List<T> all) {
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
