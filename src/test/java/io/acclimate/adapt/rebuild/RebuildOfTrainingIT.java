package io.acclimate.adapt.rebuild;

import static io.acclimate.adapt.rebuild.RebuildFixture.CAMERA;
import static io.acclimate.adapt.rebuild.RebuildFixture.INVERTED;
import static io.acclimate.adapt.rebuild.RebuildFixture.LIMIT;
import static io.acclimate.adapt.rebuild.RebuildFixture.adapting;
import static io.acclimate.adapt.rebuild.RebuildFixture.awaitTrained;
import static io.acclimate.adapt.rebuild.RebuildFixture.live;
import static io.acclimate.adapt.rebuild.RebuildFixture.rebuild;
import static io.acclimate.adapt.rebuild.RebuildFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.LossTerms;
import io.acclimate.train.OptimizerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each way of training leads to every version again. */
class RebuildOfTrainingIT {
    @Test
    void restartsOfFailedTrainingAndStandInsForSourceSamplesLeadToEveryVersionAgain() {
        LabelledImages noisy = Bundled.targetTest().shifted(Shift.NOISE, 1);
        ModelGraph model = AdaptFixture.sourceModel();
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings settings = tooFast(settings(fixture));
            for (int start = 0; start < 2; start++) {
                fixture.sendBatches(CAMERA, noisy, 16 * start, 16);
                try (Adapting adapting = adapting(fixture, model, settings, Optional.empty())) {
                    adapting.start();
                    awaitTrained(fixture, 16 * (start + 1));
                }
            }

            RebuildReport report = rebuild(fixture, model, AdaptSettings.defaults(), graph -> Optional.empty());

            assertThat(fixture.events(AdaptationEvent.Restarted.class, CAMERA)).hasSizeGreaterThan(2);
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).isNotEmpty();
        }
    }

    /** The first start tells pictures apart by their ids, as builds did that recorded nothing of it. */
    @Test
    void picturesThatComeAgainUnderOtherIdsLeadToEveryVersionAgain() {
        ModelGraph model = AdaptFixture.sourceModel();
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings byPicture = settings(fixture);
            AdaptSettings byId = byPicture.withEvaluation(byPicture
                    .evaluation()
                    .withAnswers(AnswerSettings.defaults().withRepeats(AnswerSettings.Repeats.BY_ID)));
            int sequence = 0;
            for (AdaptSettings settings : List.of(byId, byPicture, byPicture)) {
                try (Adapting adapting = adapting(fixture, model, settings)) {
                    adapting.start();
                    for (int end = sequence + 12; sequence < end; sequence++) {
                        fixture.send(CAMERA, sequence, repeated(32 * sequence, 100));
                    }
                    awaitTrained(fixture, sequence);
                }
            }

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(12);
        }
    }

    /** 32 labels from {@code from} on, of which one is of the same picture as the one so many before it. */
    private static List<LabelledSample> repeated(int from, int pictures) {
        return IntStream.range(from, from + 32)
                .mapToObj(i -> {
                    LabelledSample picture = AdaptFixture.sample(INVERTED, i % pictures);
                    return new LabelledSample(
                            new ImageId("image-" + i),
                            picture.classIndex(),
                            picture.className(),
                            picture.image(),
                            picture.label(),
                            picture.labelTime());
                })
                .toList();
    }

    @Test
    void roundsOfLessEffortLeadToEveryVersionAgain() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            Duration late = Duration.between(AdaptFixture.TIME, Instant.now());
            AdaptSettings settings = settings(fixture)
                    .withFreshness(new FreshnessSettings(late.multipliedBy(28).dividedBy(11)));
            for (int start = 0; start < 2; start++) {
                live(fixture, AdaptFixture.sourceModel(), settings, 16 * start, 16);
            }

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA))
                    .extracting(AdaptationEvent.Trained::halvings)
                    .contains(0, 5);
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).isNotEmpty();
        }
    }

    /** A tenth of a millisecond is a target for which every round is too long. */
    @Test
    void miniBatchesThatWereLeftOutAreLeftOutAgain() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings settings = settings(fixture);
            live(fixture, AdaptFixture.sourceModel(), settings, 0, 5);
            fixture.sendBatches(CAMERA, INVERTED, 5, 64);
            AdaptSettings hasty = settings.withFreshness(new FreshnessSettings(Duration.ofNanos(100_000)));
            try (Adapting adapting = adapting(fixture, AdaptFixture.sourceModel(), hasty)) {
                adapting.start();
                await().atMost(LIMIT)
                        .until(() -> fixture.events(AdaptationEvent.Trained.class, CAMERA)
                                                .size()
                                        + fixture.events(AdaptationEvent.LeftOut.class, CAMERA)
                                                .size()
                                >= 69);
            }
            int learnt = fixture.events(AdaptationEvent.Trained.class, CAMERA).size();
            fixture.sendBatches(CAMERA, INVERTED, 69, 5);
            try (Adapting adapting = adapting(fixture, settings)) {
                adapting.start();
                awaitTrained(fixture, learnt + 5);
            }

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.LeftOut.class, CAMERA)).hasSizeGreaterThan(10);
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(5);
        }
    }

    @Test
    void adversarialAlignmentLeadsToEveryVersionAgain() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings plain = settings(fixture);
            AdaptSettings settings = plain.withTrain(
                    plain.train().withTerms(plain.train().terms().withAlignment(1, LossTerms.Align.DANN, "")));
            for (int start = 0; start < 2; start++) {
                live(fixture, AdaptFixture.sourceModel(), settings, 5 * start, 5);
            }

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA))
                    .allSatisfy(event -> assertThat(event.losses()).containsKey("align"));
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(4);
        }
    }

    @Test
    void versionsOfImagesWithoutLabelsAndThoseTrainedFromThemAreMadeAgain() {
        LabelledImages noisy = Bundled.targetTest().shifted(Shift.NOISE, 1);
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings settings = settings(fixture);
            settings = settings.withUnlabelled(settings.unlabelled().withUse(UnlabelledSettings.Use.SERVE));
            for (int sequence = 0; sequence < 3; sequence++) {
                fixture.sendUnlabelled(CAMERA, noisy, sequence);
            }
            fixture.sendBatches(CAMERA, noisy, 3, 2);
            try (Adapting adapting = adapting(fixture, settings)) {
                adapting.start();
                awaitTrained(fixture, 2);
            }
            fixture.sendUnlabelled(CAMERA, noisy, 5);
            fixture.sendBatches(CAMERA, noisy, 6, 2);
            try (Adapting adapting = adapting(fixture, settings)) {
                adapting.start();
                awaitTrained(fixture, 4);
            }

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Aligned.class, CAMERA)).hasSize(4);
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(2);
        }
    }

    @Test
    void shadowModeTemperaturesAndAChangeOfTheDomainTogetherLeadToEveryVersionAgain() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings settings = settings(fixture);
            AdaptSettings together = settings.inShadow()
                    .withEvaluation(settings.evaluation()
                            .withAnswers(AnswerSettings.defaults())
                            .withDrift(DriftSettings.defaults().withUse(DriftSettings.Use.FOLLOW)));
            fixture.sendBatches(CAMERA, Bundled.targetTest(), 0, 20);
            fixture.sendBatches(CAMERA, INVERTED, 20, 12);
            for (int until : List.of(8, 23, 32)) {
                // A worker that is stopped while it trains is taken up from there by the next one.
                try (Adapting adapting = adapting(fixture, together)) {
                    adapting.start();
                    awaitTrained(fixture, until);
                }
            }

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Drifted.class, CAMERA)).isNotEmpty();
            assertThat(fixture.events(AdaptationEvent.Calibrated.class, CAMERA)).isNotEmpty();
            assertThat(fixture.events(AdaptationEvent.Shadowed.class, CAMERA)).hasSizeGreaterThan(8);
            assertThat(fixture.events(AdaptationEvent.Activated.class, CAMERA)).isEmpty();
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(8);
        }
    }

    /** Training diverges at first, and a gate that waits for some samples promotes none of it. */
    private static AdaptSettings tooFast(AdaptSettings settings) {
        GateSettings gate = GateSettings.defaults();
        return settings.withTrain(settings.train()
                        .withOptimizer(
                                new OptimizerSettings(OptimizerSettings.Kind.SGD, 3, 0.9, 0, Double.POSITIVE_INFINITY)))
                .withGate(new GateSettings(
                        24,
                        gate.tolerance(),
                        gate.z(),
                        gate.maxSourceDrop(),
                        GateSettings.Rule.NON_INFERIOR,
                        gate.proven()));
    }
}
