package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Answered.Answers;
import io.acclimate.core.ClassNames;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.ClassWindow;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final ClassNames CLASSES = new ClassNames(List.of("cat", "dog"));

    @Test
    void aDomainThatBeginsAfreshIsCounted() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES)
                    .committed(round(new AdaptationEvent.Reset(DomainId.DEFAULT, AdaptFixture.TIME, 7, 3, "no proof")));
            assertThat(telemetry.total(Meter.RESETS, "default")).isEqualTo(1);
        }
    }

    @Test
    void trainingThatStartsAgainIsCounted() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES)
                    .committed(round(
                            new AdaptationEvent.Restarted(DomainId.DEFAULT, AdaptFixture.TIME, 7, 3, 0.5, "diverged")));
            assertThat(telemetry.total(Meter.TRAINING_RESTARTS, "default")).isEqualTo(1);
        }
    }

    private static Round round(AdaptationEvent event) {
        return new Round(
                List.of(event),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
    }

    @Test
    void labelsThatLookWrongAreCountedByWhatTheyLookLike() {
        Round round = new Round(
                List.of(new AdaptationEvent.LabelsSuspected(
                        DomainId.DEFAULT, AdaptFixture.TIME, 7, "RANDOM", "no tie")),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES).committed(round);
            assertThat(telemetry.total(Meter.LABELS_SUSPECTED, "default", "RANDOM"))
                    .isEqualTo(1);
        }
    }

    @Test
    void fault24LabelsFromBeforeTheClockWentBackAreCountedWithoutADelay() {
        List<LabelledSample> samples =
                List.of(AdaptFixture.sample(Bundled.targetTest(), 0), AdaptFixture.sample(Bundled.targetTest(), 1));
        MiniBatch batch = new MiniBatch(
                DomainId.DEFAULT, 0, MiniBatch.FlushCause.TIME, samples, AdaptFixture.TIME, AdaptFixture.TIME);
        Round nothing = new Round(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES).committed(batch, nothing, AdaptFixture.TIME.minus(Duration.ofDays(1)));
            assertThat(telemetry.total(Meter.LABEL_DELAY)).isEqualTo(2);
        }
    }

    private static Round round(AdaptationEvent... events) {
        return new Round(
                List.of(events),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
    }

    private static AdaptationEvent.Trained trained(int samples, int holdout) {
        return new AdaptationEvent.Trained(
                DomainId.DEFAULT, AdaptFixture.TIME, 1, samples, holdout, 0, samples, 0, 4, 2, Map.of("total", 0.5));
    }

    @Test
    void samplesReadAreTrainedOnOrHeldOut() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES).committed(round(trained(32, 3)));

            assertThat(telemetry.total(Meter.SAMPLES_TRAINED)).isEqualTo(29);
            assertThat(telemetry.total(Meter.SAMPLES_HELD_OUT)).isEqualTo(3);
            assertThat(telemetry.total(Meter.STEPS_SKIPPED)).isEqualTo(2);
            assertThat(telemetry.total(Meter.LOSS)).isEqualTo(0.5);
        }
    }

    @Test
    void samplesThatAreLeftOutAreReadAndWereNotUsedAfterAnyDelay() {
        List<LabelledSample> samples =
                List.of(AdaptFixture.sample(Bundled.targetTest(), 0), AdaptFixture.sample(Bundled.targetTest(), 1));
        MiniBatch batch = new MiniBatch(
                DomainId.DEFAULT, 0, MiniBatch.FlushCause.TIME, samples, AdaptFixture.TIME, AdaptFixture.TIME);
        try (Telemetry telemetry = Telemetry.inMemory()) {
            Meters meters = new Meters(telemetry, CLASSES);
            meters.committed(
                    batch,
                    round(new AdaptationEvent.LeftOut(DomainId.DEFAULT, AdaptFixture.TIME, 0, 2)),
                    AdaptFixture.TIME);

            assertThat(telemetry.total(Meter.SAMPLES_READ)).isEqualTo(2);
            assertThat(telemetry.total(Meter.SAMPLES_LEFT_OUT)).isEqualTo(2);
            assertThat(telemetry.total(Meter.LABEL_DELAY)).isZero();
        }
    }

    @Test
    void decisionsAndRollbacksAreCounted() {
        AdaptationEvent judged = new AdaptationEvent.Judged(
                DomainId.DEFAULT,
                AdaptFixture.TIME,
                4,
                3,
                new GateDecision.Reject(List.of("worse")),
                0.5,
                0.75,
                0.25,
                16);
        AdaptationEvent rollback = activated(Activation.Cause.ROLLBACK);
        AdaptationEvent promotion = activated(Activation.Cause.PROMOTE);
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES).committed(round(judged, rollback, promotion));

            assertThat(telemetry.total(Meter.DECISIONS)).isOne();
            assertThat(telemetry.total(Meter.ROLLBACKS)).isOne();
        }
    }

    @Test
    void changesOfADomainAreCounted() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES)
                    .committed(round(
                            new AdaptationEvent.Drifted(DomainId.DEFAULT, AdaptFixture.TIME, 21, 4, 48, 0.75, 0.5),
                            new AdaptationEvent.Drifted(
                                    DomainId.DEFAULT,
                                    AdaptFixture.TIME,
                                    21,
                                    4,
                                    48,
                                    0.75,
                                    0.5,
                                    Optional.of(new AdaptationEvent.Drifted.Change(
                                            AdaptationEvent.Drifted.Change.Kind.LABEL_SHIFT, 0, 0, 1, List.of())))));

            assertThat(telemetry.total(Meter.DRIFTS)).isEqualTo(2);
            assertThat(telemetry.total(Meter.DRIFT_KINDS)).isOne();
        }
    }

    @Test
    void inShadowModeTheAccuracyOfWhatWouldServeIsShownBesideThatOfWhatServes() {
        AdaptationEvent.Trained trained = new AdaptationEvent.Trained(
                DomainId.DEFAULT,
                AdaptFixture.TIME,
                1,
                32,
                4,
                0,
                8,
                8,
                4,
                0,
                Map.of(),
                0,
                Optional.of(new AdaptationEvent.Trained.Shadow(3, 24)));
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES).committed(round(trained));

            assertThat(telemetry.total(Meter.PREQUENTIAL_ACCURACY, DomainId.DEFAULT.value(), "shadow"))
                    .isEqualTo(0.75);
            assertThat(telemetry.total(Meter.PREQUENTIAL_ACCURACY, DomainId.DEFAULT.value(), "active"))
                    .isEqualTo(0.25);
        }
    }

    @Test
    void theCalibrationErrorOfTheNewestVersionIsShownWithAndWithoutItsTemperature() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES)
                    .committed(round(new AdaptationEvent.Calibrated(
                            DomainId.DEFAULT, AdaptFixture.TIME, 4, 1.5, 128, 0.25, 0.125)));

            assertThat(telemetry.total(Meter.CALIBRATION_ERROR, DomainId.DEFAULT.value(), "raw"))
                    .isEqualTo(0.25);
            assertThat(telemetry.total(Meter.CALIBRATION_ERROR, DomainId.DEFAULT.value(), "calibrated"))
                    .isEqualTo(0.125);
        }
    }

    private static AdaptationEvent answered(Answers... answers) {
        return new AdaptationEvent.Answered(
                DomainId.DEFAULT, AdaptFixture.TIME, 1, 3, AdaptFixture.TIME, AdaptFixture.TIME, List.of(answers));
    }

    @Test
    void theAccuracyOfEachClassIsShownForTheVersionThatServesAndForTheSourceModel() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            Meters meters = new Meters(telemetry, CLASSES);
            meters.committed(round(answered(
                    new Answers("cat", "cat", "dog", 6),
                    new Answers("cat", "dog", "cat", 2),
                    new Answers("dog", "dog", "dog", 1))));

            assertThat(telemetry.total(Meter.CLASS_ACCURACY, "default", "cat", "active"))
                    .isEqualTo(0.75);
            assertThat(telemetry.total(Meter.CLASS_ACCURACY, "default", "cat", "source"))
                    .isEqualTo(0.25);
            assertThat(telemetry.total(Meter.CLASS_ACCURACY, "default", "dog", "active"))
                    .isOne();
            assertThat(telemetry.total(Meter.CLASS_SAMPLES, "default", "cat")).isEqualTo(8);
        }
    }

    @Test
    void aModelOfManyClassesHasNoSeriesByClass() {
        ClassNames many = new ClassNames(IntStream.rangeClosed(0, ClassWindow.MAX_CLASSES)
                .mapToObj(i -> "class " + i)
                .toList());
        try (Telemetry telemetry = Telemetry.prometheus()) {
            new Meters(telemetry, many).committed(round(answered(new Answers("class 1", "class 1", "class 1", 1))));

            assertThat(telemetry.scrape()).doesNotContain("acclimate_class_");
        }
    }

    private static Round publishing(AdaptationEvent... events) {
        return new Round(
                List.of(events),
                List.of(),
                Optional.of(new Round.NewVersion(
                        new VersionId(DomainId.DEFAULT, 5), 4, WeightDelta.EMPTY, Map.of("unlabelled", "SERVE"))),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
    }

    private static AdaptationEvent calibrated(double before, double after) {
        return new AdaptationEvent.Calibrated(DomainId.DEFAULT, AdaptFixture.TIME, 4, 1.5, 128, before, after);
    }

    private static List<Double> calibrationErrors(Telemetry telemetry) {
        return List.of(
                telemetry.total(Meter.CALIBRATION_ERROR, DomainId.DEFAULT.value(), "raw"),
                telemetry.total(Meter.CALIBRATION_ERROR, DomainId.DEFAULT.value(), "calibrated"));
    }

    @Test
    void aNewVersionWithoutATemperatureHasNoCalibrationError() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            Meters meters = new Meters(telemetry, CLASSES);
            meters.committed(publishing(calibrated(0.25, 0.125)));
            assertThat(calibrationErrors(telemetry)).containsExactly(0.25, 0.125);

            meters.committed(publishing());

            assertThat(calibrationErrors(telemetry)).containsExactly(Double.NaN, Double.NaN);
        }
    }

    @Test
    void aDomainThatBeginsAfreshHasNoCalibrationError() {
        try (Telemetry telemetry = Telemetry.inMemory()) {
            Meters meters = new Meters(telemetry, CLASSES);
            meters.committed(publishing(calibrated(0.25, 0.125)));

            meters.committed(round(new AdaptationEvent.Reset(DomainId.DEFAULT, AdaptFixture.TIME, 7, 3, "no proof")));

            assertThat(calibrationErrors(telemetry)).containsExactly(Double.NaN, Double.NaN);
        }
    }

    @Test
    void rollbacksAreCountedInShadowModeAndPromotionsAreNot() {
        AdaptationEvent promotion =
                new AdaptationEvent.Shadowed(DomainId.DEFAULT, AdaptFixture.TIME, 5, 4, "promoted by the gate");
        AdaptationEvent rollback =
                new AdaptationEvent.Shadowed(DomainId.DEFAULT, AdaptFixture.TIME, 6, 5, "rollback to version 6");
        try (Telemetry telemetry = Telemetry.inMemory()) {
            Meters meters = new Meters(telemetry, CLASSES);
            meters.committed(publishing(promotion));
            assertThat(telemetry.total(Meter.ROLLBACKS)).isZero();

            meters.committed(round(rollback));

            assertThat(telemetry.total(Meter.ROLLBACKS)).isOne();
        }
    }

    private static AdaptationEvent activated(Activation.Cause cause) {
        Activation activation = new Activation(
                new VersionId(DomainId.DEFAULT, 2), 5, cause, "test", AdaptFixture.TIME, 64, AdaptFixture.TIME);
        return new AdaptationEvent.Activated(DomainId.DEFAULT, AdaptFixture.TIME, activation, 3);
    }

    @Test
    void droppedSamplesAreCountedAsDeadLetters() {
        Round dropped = new Round(
                List.of(),
                List.of(new Round.Dropped(
                        AdaptFixture.sample(Bundled.targetTest(), 0),
                        new Refusal(DeadLetterReason.UNDECODABLE_IMAGE, "no picture"))),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry, CLASSES).committed(dropped);

            assertThat(telemetry.total(Meter.DEAD_LETTERS)).isOne();
        }
    }
}
