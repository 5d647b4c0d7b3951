package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoScoreTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final DemoScore score = new DemoScore(4);

    @Test
    void countsWhatIsMissingAndWhatCameTwice() {
        predicted(0, 1, 0, START, 5);
        predicted(1, 1, 0, START, 5);
        predicted(1, 1, 0, START, 5);
        predicted(1, 1, 0, START, 5);
        score.deadLetter();

        DemoSummary summary = summary();
        assertThat(summary.images()).isEqualTo(4);
        assertThat(summary.predictions()).isEqualTo(4);
        assertThat(summary.missing()).isEqualTo(2);
        assertThat(summary.duplicates()).isEqualTo(2);
        assertThat(summary.deadLetters()).isEqualTo(1);
        assertThat(summary.complete()).isFalse();
    }

    @Test
    void isCompleteWhenEachImageGotOnePrediction() {
        for (int image = 3; image >= 0; image--) {
            predicted(image, 1, 0, START, 5);
        }

        assertThat(summary().complete()).isTrue();
    }

    @Test
    void accuracyIsOfTheLastHalfByPlaceAndAMissingPredictionIsWrong() {
        score.expect(0, 1, 0);
        score.expect(1, 1, 0);
        score.expect(2, 1, 0);
        score.expect(3, 1, 1);
        predicted(2, 1, 0, START, 5);
        predicted(0, 7, 0, START, 5);
        predicted(1, 7, 0, START, 5);
        // Only the first answer counts.
        predicted(2, 7, 0, START, 5);

        DemoSummary summary = summary();
        assertThat(summary.sourceAccuracy()).isEqualTo(0.5);
        assertThat(summary.adaptedAccuracy()).isEqualTo(0.5);
        assertThat(score.rollingAdapted()).hasValue(1 / 3.0);
        assertThat(score.rollingSource()).hasValue(0);
    }

    @Test
    void whatWasNeverMeasuredIsNotANumber() {
        DemoSummary summary = summary();

        assertThat(summary.labelToServedMillisP50()).isNaN();
        assertThat(summary.predictionLatencyMillisP50()).isNaN();
        assertThat(summary.predictionLatencyMillisP99()).isNaN();
        assertThat(score.latencyP50()).isEmpty();
        assertThat(score.rollingAdapted()).isEmpty();
    }

    @Test
    void labelToServedEndsWithTheFirstPredictionOfTheVersion() {
        activated(1, START);
        activated(2, START.plusSeconds(9));
        predicted(0, 1, 0, START, 5);
        predicted(1, 1, 1, START.plusMillis(100), 20);
        predicted(2, 1, 1, START.plusMillis(500), 20);

        DemoSummary summary = summary();
        assertThat(summary.labelToServedMillisP50()).isCloseTo(120, within(1e-6));
        assertThat(summary.predictionLatencyMillisP50()).isCloseTo(20, within(1e-6));
        assertThat(summary.versions()).isEqualTo(1);
        assertThat(score.version()).isEqualTo(1);
    }

    private DemoSummary summary() {
        return score.summary("invert", 1, 0, Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    private void predicted(int image, int answer, long version, Instant sent, int tookMillis) {
        score.prediction(new Prediction(
                new ImageId(DemoScore.id(image)),
                DomainId.DEFAULT,
                List.of(new ClassScore(answer, "class " + answer, 0.9f)),
                version,
                new Coordinates("images", 0, image),
                sent,
                Duration.ofMillis(tookMillis)));
    }

    private void activated(long version, Instant lastLabel) {
        Activation activation = new Activation(
                new VersionId(DomainId.DEFAULT, version),
                version,
                Activation.Cause.PROMOTE,
                "promoted by the gate",
                lastLabel,
                32,
                lastLabel);
        score.event(new AdaptationEvent.Activated(DomainId.DEFAULT, lastLabel, activation, version - 1));
    }
}
