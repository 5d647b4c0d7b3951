package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.domain.LogLines;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Payload;
import io.acclimate.minibatch.state.Tenancy;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimitedLabelsTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final long NOW = 1_000_000;
    private static final Places.Answer ROOM = new Places.Answer.Room();

    private final Telemetry telemetry = Telemetry.inMemory();
    private final LimitedLabels limited = limited(new LabelLimits(1, 2, 1, 8));

    private LimitedLabels limited(LabelLimits limits) {
        return new LimitedLabels(MiniBatchSettings.defaults().withLabelLimits(limits), Topics.DEFAULT, telemetry);
    }

    private static LabelledSample sample(String image, int classIndex) {
        return new LabelledSample(
                new ImageId(image),
                classIndex,
                "boot",
                new Payload(Bytes.utf8("png"), Optional.empty()),
                new Coordinates("labels", 1, 5),
                Instant.ofEpochMilli(77));
    }

    private static RecordHeaders from(String source) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("source", utf8(source));
        return headers;
    }

    private Optional<Record<byte[], byte @Nullable []>> refuse(LimitedLabels by, RecordHeaders headers) {
        return by.refuse(SITE, sample("img", 1), headers, ROOM, NOW);
    }

    private static String header(Optional<Record<byte[], byte @Nullable []>> letter, String name) {
        return new String(letter.orElseThrow().headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aProducerBeyondItsRateGetsALetterThatCanBeSentAgain() {
        assertThat(refuse(limited, from("a"))).isEmpty();
        assertThat(refuse(limited, from("a"))).isEmpty();

        var letter = refuse(limited, from("a"));

        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("RATE_LIMITED");
        assertThat(header(letter, DeadLetters.MESSAGE)).contains("'a'", "site-1", "1.0 labels a second");
        assertThat(header(letter, DeadLetters.TIMESTAMP)).isEqualTo("77");
        assertThat(letter.orElseThrow().key()).isEqualTo(utf8("img"));
        assertThat(letter.orElseThrow().value()).isEqualTo(utf8("png"));
        assertThat(letter.orElseThrow().timestamp()).isEqualTo(NOW);
        assertThat(telemetry.total(Meter.DEAD_LETTERS, Refusals.STAGE, "RATE_LIMITED"))
                .isEqualTo(1);
        assertThat(refuse(limited, from("b"))).as("another producer").isEmpty();
    }

    @Test
    void theKeyOfALabelThatHadNoneIsNotMadeUp() {
        LimitedLabels none = limited(new LabelLimits(1, 1, 1, 8));
        LabelledSample sample = sample("labels-1-5", 1);
        none.refuse(SITE, sample, from("a"), ROOM, NOW);

        var letter = none.refuse(SITE, sample, from("a"), ROOM, NOW);

        assertThat(letter.orElseThrow().key()).isNull();
    }

    @Test
    void malformedSourcesCountAsAbsentAndShareTheBucketOfThose() {
        RecordHeaders malformed = new RecordHeaders();
        malformed.add("source", new byte[] {(byte) 0xff});
        assertThat(refuse(limited, malformed)).isEmpty();
        assertThat(refuse(limited, new RecordHeaders())).isEmpty();

        assertThat(refuse(limited, malformed)).isPresent();
    }

    @Test
    void aClassHasItsShareOfAMiniBatchAndANewOneInTheNext() {
        LimitedLabels shares = limited(new LabelLimits(0, 1, 0.25, 8));
        for (int i = 0; i < 8; i++) {
            assertThat(refuse(shares, from("a"))).isEmpty();
            shares.took(SITE, 1);
        }

        assertThat(header(refuse(shares, from("a")), DeadLetters.REASON)).isEqualTo("CLASS_SHARE");

        shares.flushed(SITE);
        assertThat(refuse(shares, from("a"))).isEmpty();
    }

    @Test
    void aDomainWithoutAPlaceIsRefusedBeforeItsRateIsLookedAt() {
        LimitedLabels one = limited(new LabelLimits(1, 1, 1, 1));
        Places.Answer none = new Places.Answer.Refused("no place");

        var letter = one.refuse(SITE, sample("img", 1), from("a"), none, NOW);

        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("DOMAIN_LIMIT");
        assertThat(header(letter, DeadLetters.MESSAGE)).contains("no place");
        assertThat(refuse(one, from("a"))).as("its bucket is still full").isEmpty();
    }

    @Test
    void theLogNamesADomainWithoutAPlaceAndCountsTheOthersOfAMinute() {
        Places places = new Places(DomainLimits.DEFAULT.withPlaces(1));
        places.advance(NOW, NOW);
        places.labelled(SITE, Tenancy.NONE);
        try (LogLines log = new LogLines(LimitedLabels.class)) {
            for (long at : List.of(0L, 10L, 59_999L, 60_000L, 60_001L)) {
                DomainId domain = new DomainId("made-up-" + at);
                limited.refuse(domain, sample("img", 1), from("a"), places.ask(domain, Tenancy.NONE), NOW + at);
            }

            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(0)).contains("DOMAIN_LIMIT", " 1 in ", "domain made-up-0 ", "--max-domains");
            assertThat(log.lines().get(1)).contains("DOMAIN_LIMIT", " 3 in ", "domain made-up-60000 ");
        }
    }

    @Test
    void aDomainThatLeftHasItsFirstRateAgain() {
        LimitedLabels one = limited(new LabelLimits(1, 1, 1, 1));
        assertThat(refuse(one, from("a"))).isEmpty();
        assertThat(refuse(one, from("a"))).isPresent();

        one.left(SITE);

        assertThat(refuse(one, from("a"))).isEmpty();
    }
}
