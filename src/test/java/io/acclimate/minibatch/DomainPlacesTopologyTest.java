package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.wire.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which domains a partition of buffers serves when more are named than it has places for. */
@Tag("slow")
class DomainPlacesTopologyTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Instant now = LabelStream.START;

    private LabelStream stream(DomainLimits domains) {
        return new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withLabelLimits(new LabelLimits(0, 1, 1, domains)),
                directory);
    }

    private static DomainLimits places(int places) {
        return DomainLimits.DEFAULT.withPlaces(places);
    }

    private void send(LabelStream stream, String image, String domain) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8("boot"));
        headers.add("domain", utf8(domain));
        stream.send(utf8(image), utf8("png"), headers, now);
    }

    private void pass(LabelStream stream, Duration time) {
        now = now.plus(time);
        stream.pass(time);
    }

    private static List<Long> sequences(List<MiniBatch> batches, String domain) {
        return batches.stream()
                .filter(batch -> batch.domain().value().equals(domain))
                .map(MiniBatch::sequence)
                .toList();
    }

    @Test
    void aFreshDomainIsServedWithinAMinuteAfterTenThousandMadeUpNames() {
        try (LabelStream stream = stream(places(256))) {
            for (int i = 0; i < 10_000; i++) {
                send(stream, "flood-" + i, "made-up-" + i);
            }
            send(stream, "early", "fresh");
            pass(stream, MINUTE);
            for (int i = 0; i < 40; i++) {
                send(stream, "late-" + i, "fresh");
            }
            pass(stream, Duration.ofSeconds(3));

            assertThat(stream.miniBatches().stream()
                            .filter(batch -> batch.domain().value().equals("fresh"))
                            .flatMap(batch -> LabelStream.images(batch).stream()))
                    .hasSize(40);
            assertThat(stream.deadLetters())
                    .filteredOn(letter -> new String(letter.key(), StandardCharsets.UTF_8).equals("early"))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.headers()
                                    .lastHeader(DeadLetters.REASON)
                                    .value())
                            .isEqualTo(utf8("DOMAIN_LIMIT")));
        }
    }

    @Test
    void aDomainThatComesBackContinuesItsNumbers() {
        try (LabelStream stream = stream(places(1))) {
            for (int i = 0; i < 2; i++) {
                send(stream, "a-" + i, "a");
                pass(stream, MINUTE);
                send(stream, "b-" + i, "b");
                pass(stream, MINUTE);
            }

            List<MiniBatch> batches = stream.miniBatches();
            assertThat(sequences(batches, "a")).containsExactly(0L, 1L);
            assertThat(sequences(batches, "b")).containsExactly(0L, 1L);
            assertThat(stream.deadLetters()).isEmpty();
        }
    }

    @Test
    void whatWaitsInADomainThatLosesItsPlaceBecomesAMiniBatch() {
        try (LabelStream stream = stream(new DomainLimits(1, 32, Duration.ZERO, Duration.ofHours(1), Set.of()))) {
            send(stream, "a-0", "a");

            send(stream, "b-0", "b");

            assertThat(sequences(stream.miniBatches(), "a")).containsExactly(0L);
            assertThat(stream.waiting()).isEqualTo(1);
        }
    }

    @Test
    void onlyListedDomainsAreServed() {
        DomainLimits listed = places(1).withListed(Set.of(new DomainId("a"), new DomainId("b")));
        try (LabelStream stream = stream(listed)) {
            for (String domain : List.of("a", "b", "c")) {
                send(stream, domain + "-0", domain);
            }
            pass(stream, Duration.ofSeconds(3));

            assertThat(stream.miniBatches())
                    .extracting(batch -> batch.domain().value())
                    .containsExactly("a", "b");
            assertThat(stream.deadLetters()).hasSize(1);
        }
    }
}
