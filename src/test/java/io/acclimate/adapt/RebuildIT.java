package io.acclimate.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@code -Dacclimate.rebuild.versions=200} is the long form. */
class RebuildIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final int VERSIONS = Integer.getInteger("acclimate.rebuild.versions", 40);
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    /** Lets nearly every candidate through. */
    private static final GateSettings LENIENT = new GateSettings(1, 1, 10, 1);

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
    void namesTheVersionTheTensorAndTheSettingWhereTheChainParts() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 4);
            AdaptSettings first = settings(fixture);
            try (Adapting adapting = adapting(fixture, first)) {
                adapting.start();
                awaitTrained(fixture, 4);
            }
            fixture.sendBatches(CAMERA, INVERTED, 4, 3);
            AdaptSettings other = first.withTrain(first.train().withClip(0.5));
            try (Adapting adapting = adapting(fixture, other)) {
                adapting.start();
                awaitTrained(fixture, 7);
            }
            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());
            List<Rebuilt.Different> differences = report.differences();
            assertThat(report.versions()).hasSize(7);
            assertThat(differences).hasSize(3);
            assertThat(differences.get(0).id().number()).isEqualTo(5);
            assertThat(differences.get(0).where()).startsWith("tensor ").contains(", by up to ");
            assertThat(differences.get(0).cause()).isEqualTo("the setting train.clip was 0.5 then and 5.0 before");
            assertThat(differences.get(1).cause()).isEqualTo("version 5 before it differs");
        }
    }

    private static AdaptSettings settings(AdaptFixture fixture) {
        AdaptSettings defaults = AdaptSettings.defaults();
        return defaults.withGroup(fixture.topics.prefix() + "adapt", "0")
                .withTrain(defaults.train().withAverageDecay(0.9))
                .withReplay(2, 512)
                .withGate(LENIENT)
                .withSeed(11);
    }

    private static RebuildReport rebuild(AdaptFixture fixture, AdaptSettings otherwise) {
        List<Rebuild.Step> steps = new ArrayList<>();
        try (Rebuild rebuild = new Rebuild(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())),
                otherwise)) {
            RebuildReport report = rebuild.run(Optional.of(CAMERA), steps::add);
            assertThat(steps.get(steps.size() - 1).versions())
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
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())),
                settings,
                Telemetry.inMemory(),
                Clock.systemUTC(),
                Moments.NONE);
    }
}
