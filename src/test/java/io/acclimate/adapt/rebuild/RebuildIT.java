package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.LossTerms;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.train.Samples;
import io.acclimate.wire.Encoding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@code -Dacclimate.rebuild.versions=200} is the long form. */
class RebuildIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final int VERSIONS = Integer.getInteger("acclimate.rebuild.versions", 40);
    private static final long ROGUE = 500;
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    /** Lets nearly every candidate through. */
    private static final GateSettings LENIENT =
            new GateSettings(1, 1, 10, 1, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults());

    @Test
    void keptMiniBatchesAndCommandsLeadToEveryVersionAgainBitForBit() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            try (Adapting adapting = adapting(fixture, settings(fixture))) {
                adapting.start();
                int batches = VERSIONS + 8;
                fixture.sendBatches(CAMERA, INVERTED, 0, batches / 2);
                awaitTrained(fixture, batches / 2);
                command(fixture, new ControlCommand.Rollback("c1", CAMERA), 1);
                command(fixture, new ControlCommand.Activate("c2", CAMERA, 9_999), 2);
                command(fixture, new ControlCommand.Pause("c3", CAMERA), 3);
                fixture.sendBatches(CAMERA, INVERTED, batches / 2, 2);
                awaitTrained(fixture, batches / 2 + 2);
                command(fixture, new ControlCommand.Resume("c4", CAMERA), 4);
                command(fixture, new ControlCommand.Activate("c5", CAMERA, 3), 5);
                fixture.sendBatches(CAMERA, INVERTED, batches / 2 + 2, batches - batches / 2 - 2);
                awaitTrained(fixture, batches);
            }
            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());
            System.out.println(report.equal() + " of " + report.versions().size() + " versions equal");
            assertThat(report.differences()).isEmpty();
            assertThat(report.notes()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThanOrEqualTo(VERSIONS);
            assertThat(report.versions().stream().map(Rebuilt::id).map(VersionId::number))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, report.versions().size())
                                    .boxed()
                                    .toList());
        }
    }

    @Test
    void changesOfSettingsAndClassesAndTheGuardsRollbackLeadToEveryVersionAgain() throws Exception {
        ModelGraph ten = AdaptFixture.sourceModel();
        List<String> names = new ArrayList<>(ten.card().classes().names());
        Collections.reverse(names);
        names.add(0, "fox");
        ModelGraph eleven = ten.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings first = settings(fixture);
            live(fixture, ten, first, 0, 5);
            live(
                    fixture,
                    ten,
                    first.withTrain(first.train()
                            .withOptimizer(first.train().optimizer().withClip(0.5))),
                    5,
                    2);
            AdaptSettings head = first.withTrain(first.train().withTrainable("head"));
            live(fixture, ten, head, 7, 2);
            command(fixture, eleven, first, new ControlCommand.Activate("c1", CAMERA, 3), 1);
            live(fixture, eleven, first, 9, 3);
            command(fixture, eleven, first, new ControlCommand.Activate("c2", CAMERA, 2), 2);
            live(fixture, eleven, head, 12, 2);
            fixture.publishUniform(new VersionId(CAMERA, ROGUE), 1, 0);
            command(fixture, ten, first, new ControlCommand.Activate("c3", CAMERA, ROGUE), 3);
            live(fixture, ten, first, 14, 3);

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .as("the guard's rollback is the last")
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allMatch(AdaptationEvent.Controlled::applied);
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences())
                    .singleElement()
                    .satisfies(each -> assertThat(each.id().number()).isEqualTo(ROGUE))
                    .satisfies(each -> assertThat(each.cause()).contains("no worker made it"));
            assertThat(report.versions()).hasSizeGreaterThan(12);
        }
    }

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
    void versionsThatRetentionRemovedAreMadeAgainAndTheKeptOnesAreEqual() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings first = settings(fixture).withRetention(new RetentionSettings(2, 0, 0));
            live(fixture, AdaptFixture.sourceModel(), first, 0, 5);
            AdaptSettings second = first.withTrain(
                    first.train().withOptimizer(first.train().optimizer().withClip(0.5)));
            live(fixture, AdaptFixture.sourceModel(), second, 5, 6);

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeBetween(3, 5);
            assertThat(report.notes()).anySatisfy(note -> assertThat(note)
                    .contains("versions were made again that retention has removed"));
        }
    }

    @Test
    void aRollbackToAVersionThatWasKeptThenAndIsRemovedNowIsMadeAgain() {
        ModelGraph model = AdaptFixture.sourceModel();
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings all = settings(fixture);
            live(fixture, model, all, 0, 6);
            AdaptSettings few = all.withRetention(new RetentionSettings(4, 0, 0));
            command(fixture, model, few, new ControlCommand.Rollback("c1", CAMERA), 1);
            command(fixture, model, few, new ControlCommand.Rollback("c2", CAMERA), 2);
            live(fixture, model, few, 6, 6);

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .extracting(AdaptationEvent.Controlled::applied)
                    .containsExactly(true, true);
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(3);
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

    @Test
    void namesTheVersionTheTensorAndTheCauseWhereTheChainParts() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            live(fixture, AdaptFixture.sourceModel(), settings(fixture), 0, 4);
            RebuildReport report =
                    rebuild(fixture, AdaptFixture.sourceModel(), AdaptSettings.defaults(), graph -> Optional.empty());
            List<Rebuilt.Different> differences = report.differences();
            assertThat(report.versions()).hasSizeGreaterThan(1);
            assertThat(differences).hasSameSizeAs(report.versions());
            assertThat(differences.get(0).id().number()).isEqualTo(1);
            assertThat(differences.get(0).where()).startsWith("tensor ").contains(", by up to ");
            assertThat(differences.get(0).cause()).matches("the source set was \\d+ samples, [0-9a-f]+ and is none");
            assertThat(differences.get(1).cause()).isEqualTo("version 1 before it differs");
        }
    }

    /** One start of the service, stopped in order. */
    private static void live(AdaptFixture fixture, ModelGraph model, AdaptSettings settings, int from, int count) {
        fixture.sendBatches(CAMERA, INVERTED, from, count);
        try (Adapting adapting = adapting(fixture, model, settings)) {
            adapting.start();
            awaitTrained(fixture, from + count);
        }
    }

    private static void command(
            AdaptFixture fixture, ModelGraph model, AdaptSettings settings, ControlCommand command, int count) {
        try (Adapting adapting = adapting(fixture, model, settings)) {
            adapting.start();
            command(fixture, command, count);
        }
    }

    private static AdaptSettings settings(AdaptFixture fixture) {
        AdaptSettings defaults = AdaptSettings.defaults();
        return defaults.withMembership(Membership.of(fixture.topics.prefix() + "adapt"))
                .withTrain(defaults.train().withAverageDecay(0.9))
                .withSteps(defaults.steps().withReplay(2, 512))
                .withFreshness(FreshnessSettings.NONE)
                .withGate(LENIENT)
                .withPace(PaceSettings.NONE)
                .withRetention(RetentionSettings.ALL)
                .withOutput(new OutputSettings(8, Encoding.JSON))
                .withSeed(11);
    }

    private static RebuildReport rebuild(AdaptFixture fixture, AdaptSettings otherwise) {
        return rebuild(
                fixture, AdaptFixture.sourceModel(), otherwise, graph -> Optional.of(AdaptFixture.samples(graph)));
    }

    private static RebuildReport rebuild(
            AdaptFixture fixture,
            ModelGraph model,
            AdaptSettings otherwise,
            Function<ModelGraph, Optional<Samples>> source) {
        List<Rebuild.Step> steps = new ArrayList<>();
        try (Rebuild rebuild = new Rebuild(TestBroker.clientProperties(), fixture.topics, model, source, otherwise)) {
            RebuildReport report = rebuild.run(Optional.of(CAMERA), steps::add);
            assertThat(steps.get(steps.size() - 1).all())
                    .isEqualTo(report.versions().size());
            return report;
        }
    }

    private static void command(AdaptFixture fixture, ControlCommand command, int count) {
        fixture.send(command);
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Controlled.class, CAMERA).size() >= count);
    }

    private static void awaitTrained(AdaptFixture fixture, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Trained.class, CAMERA).size() >= count);
    }

    private static Adapting adapting(AdaptFixture fixture, AdaptSettings settings) {
        return adapting(fixture, AdaptFixture.sourceModel(), settings);
    }

    private static Adapting adapting(AdaptFixture fixture, ModelGraph model, AdaptSettings settings) {
        return adapting(fixture, model, settings, Optional.of(AdaptFixture.samples(model)));
    }

    private static Adapting adapting(
            AdaptFixture fixture, ModelGraph model, AdaptSettings settings, Optional<Samples> source) {
        return new Adapting(
                TestBroker.clientProperties(), fixture.topics, model, source, settings, Telemetry.inMemory());
    }
}
