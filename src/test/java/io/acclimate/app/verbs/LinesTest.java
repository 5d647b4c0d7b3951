package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PREFIX = "2026-01-01T00:00:00Z site-1  ";

    private static ConsumerRecord<byte[], byte @Nullable []> record(byte @Nullable [] value) {
        return new ConsumerRecord<>("feed", 2, 7, new byte[0], value);
    }

    private static Optional<String> event(AdaptationEvent event) {
        return event(event, Optional.empty());
    }

    private static Optional<String> event(AdaptationEvent event, Optional<DomainId> domain) {
        return new Lines(Feed.EVENTS, domain).of(record(new EventCodec(WireFormat.JSON).encode(event)));
    }

    @Test
    void predictionSaysWhoPredictedWhat() {
        Prediction prediction = new Prediction(
                new ImageId("cat-1"),
                SITE,
                List.of(new ClassScore(8, "Bag", 0.9f)),
                3,
                new Coordinates("images", 0, 0),
                AT,
                Duration.ofMillis(12));

        Optional<String> line = new Lines(Feed.PREDICTIONS, Optional.empty())
                .of(record(new PredictionCodec(WireFormat.JSON).encode(prediction)));

        assertThat(line).hasValue("2026-01-01T00:00:00Z site-1/3  cat-1  Bag 90.0 %  12 ms");
    }

    @Test
    void trainingSaysScoresStepsAndLoss() {
        assertThat(event(new AdaptationEvent.Trained(SITE, AT, 5, 32, 4, 3, 28, 10, 8, 0, Map.of("total", 0.25))))
                .hasValue(
                        PREFIX
                                + "trained on mini-batch 5: 32 samples, 4 held out, version 3 got 28 right, the source model 10; 8 steps, loss 0.250");
    }

    @Test
    void trainingWithoutStepsHasNoLoss() {
        assertThat(event(new AdaptationEvent.Trained(SITE, AT, 5, 3, 1, 3, 2, 1, 0, 0, Map.of())))
                .hasValueSatisfying(line -> assertThat(line).endsWith("the source model 1; 0 steps"));
    }

    @Test
    void rejectionSaysEveryReason() {
        GateDecision decision = new GateDecision.Reject(List.of("worse than active", "forgets"));

        assertThat(event(new AdaptationEvent.Judged(SITE, AT, 4, 3, decision, 0.5, 0.75, 0.25, 64)))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("candidate 4: holdout accuracy 50.0 %", "(64 samples)")
                        .endsWith("; worse than active; forgets"));
    }

    @Test
    void promotionHasNoReasons() {
        assertThat(event(new AdaptationEvent.Judged(SITE, AT, 4, 3, new GateDecision.Promote(), 0.9, 0.8, 0.2, 64)))
                .hasValueSatisfying(line -> assertThat(line).endsWith("(64 samples)"));
    }

    @Test
    void activationSaysFromWhereToWhereAndWhy() {
        Activation activation =
                new Activation(new VersionId(SITE, 4), 9, Activation.Cause.ROLLBACK, "asked for", AT, 100, AT);

        assertThat(event(new AdaptationEvent.Activated(SITE, AT, activation, 5)))
                .hasValue(PREFIX + "version 4 is active instead of 5: asked for");
    }

    @Test
    void answerToACommandSaysWhetherItWasApplied() {
        assertThat(event(new AdaptationEvent.Controlled(SITE, AT, "id", "pause", false, "it is paused")))
                .hasValue(PREFIX + "pause refused: it is paused");
    }

    @Test
    void discardedSamplesAreCounted() {
        assertThat(event(new AdaptationEvent.Discarded(SITE, AT, 5, List.of("a", "b"))))
                .hasValue(PREFIX + "discarded 2 samples of mini-batch 5: [a, b]");
    }

    @Test
    void aMiniBatchThatIsLeftOutSaysWhy() {
        assertThat(event(new AdaptationEvent.LeftOut(SITE, AT, 5, 32)))
                .hasValue(PREFIX
                        + "left out mini-batch 5 with 32 samples, since labels come faster than they can be scored");
    }

    @Test
    void restartSaysFromWhereHowFastAndWhy() {
        assertThat(event(new AdaptationEvent.Restarted(SITE, AT, 5, 3, 0.25, "diverged")))
                .hasValue(PREFIX
                        + "training starts again from version 3 at mini-batch 5, with steps 0.2500 times as large"
                        + " as set: diverged");
    }

    @Test
    void anotherDomainIsLeftOut() {
        AdaptationEvent event = new AdaptationEvent.Controlled(SITE, AT, "id", "pause", true, "paused");

        assertThat(event(event, Optional.of(new DomainId("site-2")))).isEmpty();
        assertThat(event(event, Optional.of(SITE))).isPresent();
    }

    @Test
    void unreadableRecordIsNamedByItsPlace() {
        assertThat(new Lines(Feed.EVENTS, Optional.empty()).of(record("no event".getBytes(StandardCharsets.UTF_8))))
                .hasValueSatisfying(line -> assertThat(line).startsWith("feed-2-7: "));
    }

    @Test
    void recordWithoutValueIsNoEvent() {
        assertThat(new Lines(Feed.EVENTS, Optional.empty()).of(record(null))).isEmpty();
    }
}
