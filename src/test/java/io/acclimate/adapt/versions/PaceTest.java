package io.acclimate.adapt.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.gate.Paired;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private static final PaceSettings SETTINGS =
            new PaceSettings(Duration.ofSeconds(2), Duration.ofSeconds(60), 0.01, 0.125, 256);
    private static final Paired AHEAD = new Paired(200, 150, 5, 3);
    private static final Paired LEVEL = new Paired(200, 150, 4, 3);

    private final Pace pace = new Pace(SETTINGS);

    private static MiniBatch closedAt(Instant time) {
        LabelledSample any = new LabelledSample(
                new ImageId("image-1"),
                0,
                "",
                new Payload(Bytes.utf8("png"), Optional.empty()),
                new Coordinates("labels", 0, 0),
                TIME);
        return new MiniBatch(DomainId.DEFAULT, 0, MiniBatch.FlushCause.COUNT, List.of(any), TIME, time);
    }

    private void publishedAndThen(Duration later) {
        pace.see(closedAt(TIME));
        pace.published(800);
        pace.see(closedAt(TIME.plus(later)));
    }

    @Test
    void aCandidateIsJudgedOnceInEachShortestInterval() {
        publishedAndThen(Duration.ofMillis(1999));
        assertThat(pace.isDue()).as("it could be no version").isFalse();

        pace.see(closedAt(TIME.plusSeconds(2)));
        assertThat(pace.isDue()).isTrue();
        pace.judged();

        pace.see(closedAt(TIME.plusMillis(3999)));
        assertThat(pace.isDue()).as("one was judged").isFalse();
        pace.see(closedAt(TIME.plusSeconds(4)));
        assertThat(pace.isDue()).isTrue();
    }

    @Test
    void noGainIsAskedForWhileADomainHasFewSamples() {
        publishedAndThen(Duration.ofSeconds(2));

        assertThat(pace.waitsFor(LEVEL, 256)).isEmpty();
        assertThat(pace.waitsFor(LEVEL, 257)).isPresent();

        publishedAndThen(Duration.ofMillis(1999));
        assertThat(pace.waitsFor(LEVEL, 1)).as("the shortest interval holds").isPresent();
    }

    @Test
    void noGainIsAskedForOnceADomainHasHadAnEighthMoreSamples() {
        publishedAndThen(Duration.ofSeconds(2));

        assertThat(pace.waitsFor(LEVEL, 899)).isPresent();
        assertThat(pace.waitsFor(LEVEL, 900)).isEmpty();

        publishedAndThen(Duration.ofMillis(1999));
        assertThat(pace.waitsFor(LEVEL, 900)).as("the shortest interval holds").isPresent();
    }

    @Test
    void aRestoredPaceKnowsHowManySamplesItsLastVersionHadHad() {
        publishedAndThen(Duration.ofSeconds(2));
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        pace.save(checkpoint);

        Pace restored = new Pace(SETTINGS);
        restored.restore(checkpoint.build());

        assertThat(restored.waitsFor(LEVEL, 899)).isPresent();
        assertThat(restored.waitsFor(LEVEL, 900)).isEmpty();
    }

    @Test
    void withoutAGrowthNoNumberOfSamplesReplacesAGain() {
        Pace steady = new Pace(new PaceSettings(Duration.ofSeconds(2), Duration.ofSeconds(60), 0.01, 0, 256));
        steady.see(closedAt(TIME));
        steady.published(800);
        steady.see(closedAt(TIME.plusSeconds(2)));

        assertThat(steady.waitsFor(LEVEL, 1_000_000)).isPresent();
    }

    @Test
    void aRestoredPaceKnowsWhenACandidateWasJudged() {
        publishedAndThen(Duration.ofSeconds(2));
        pace.judged();
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        pace.save(checkpoint);

        Pace restored = new Pace(SETTINGS);
        restored.restore(checkpoint.build());

        assertThat(restored.isDue()).isFalse();
        restored.see(closedAt(TIME.plusSeconds(4)));
        assertThat(restored.isDue()).isTrue();
    }

    @Test
    void withoutAPaceEachCandidateIsJudged() {
        Pace none = new Pace(PaceSettings.NONE);
        none.see(closedAt(TIME));
        none.published(1);
        none.judged();

        assertThat(none.isDue()).isTrue();
    }

    @Test
    void gainIsNoReasonBeforeTheShortestIntervalIsOver() {
        publishedAndThen(Duration.ofMillis(1999));

        assertThat(pace.waitsFor(AHEAD, 257))
                .contains("the last version is 1999 ms old, and versions are at least 2000 ms apart");
    }

    @Test
    void smallestGainIsEnoughOnceTheShortestIntervalIsOver() {
        publishedAndThen(Duration.ofSeconds(2));

        assertThat(pace.waitsFor(AHEAD, 257)).isEmpty();
    }

    @Test
    void candidateWithoutTheGainWaitsForTheLongestInterval() {
        publishedAndThen(Duration.ofSeconds(59));

        assertThat(pace.waitsFor(LEVEL, 257)).hasValueSatisfying(why -> assertThat(why)
                .isEqualTo(
                        "the candidate is ahead of the active version on 0.0050 of the holdout, and a version before 60000 ms are"
                                + " over needs 0.0100"));
    }

    @Test
    void longestIntervalPublishesWithoutAGain() {
        publishedAndThen(Duration.ofSeconds(60));

        assertThat(pace.waitsFor(LEVEL, 257)).isEmpty();
    }

    @Test
    void clockThatIsTurnedBackHoldsNothingUp() {
        publishedAndThen(Duration.ofSeconds(1));
        pace.judged();

        pace.see(closedAt(TIME.minusSeconds(3600)));

        assertThat(pace.isDue()).isTrue();
        assertThat(pace.waitsFor(LEVEL, 257)).isEmpty();
    }

    @Test
    void afterTheClockIsTurnedBackTheIntervalsCountFromTheTimeThatItShowsNow() {
        publishedAndThen(Duration.ofSeconds(60));
        Instant back = TIME.minusSeconds(3600);
        pace.see(closedAt(back));
        pace.judged();
        pace.published(800);

        pace.see(closedAt(back.plusMillis(1999)));
        assertThat(pace.isDue()).isFalse();
        assertThat(pace.waitsFor(AHEAD, 257)).isPresent();

        pace.see(closedAt(back.plusSeconds(2)));
        assertThat(pace.isDue()).isTrue();
        assertThat(pace.waitsFor(AHEAD, 257)).isEmpty();
    }

    @Test
    void restoredPaceWaitsAsLong() {
        publishedAndThen(Duration.ofSeconds(1));
        Checkpoint.Builder saved = Checkpoint.newBuilder();
        pace.save(saved);
        Pace restored = new Pace(SETTINGS);

        restored.restore(saved.build());

        assertThat(restored.waitsFor(AHEAD, 257))
                .isEqualTo(pace.waitsFor(AHEAD, 257))
                .isPresent();
    }

    @Test
    void withoutAPaceEachCandidateIsPublishedAndNothingIsSaved() {
        Pace none = new Pace(PaceSettings.NONE);
        Checkpoint.Builder saved = Checkpoint.newBuilder();
        none.save(saved);

        assertThat(none.waitsFor(LEVEL, 257)).isEmpty();
        assertThat(saved.hasPublishing()).isFalse();
    }

    @Test
    void settingsOutsideTheirRangeAreNamed() {
        assertThatThrownBy(() -> new PaceSettings(Duration.ofSeconds(-1), Duration.ZERO, 0, 0, 0))
                .hasMessage("the shortest interval of versions must not be negative, got PT-1S");
        assertThatThrownBy(() -> new PaceSettings(Duration.ofSeconds(2), Duration.ofSeconds(1), 0, 0, 0))
                .hasMessage("the longest interval of versions must be at least the shortest, PT2S, got PT1S");
        assertThatThrownBy(() -> new PaceSettings(Duration.ZERO, Duration.ZERO, 0, -0.1, 0))
                .hasMessageContaining("growth of samples between versions");
        assertThatThrownBy(() -> new PaceSettings(Duration.ZERO, Duration.ZERO, 1.5, 0, 0))
                .hasMessageContaining("got 1.5");
    }
}
