package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdaptingIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final DomainId OTHER = new DomainId("camera-2");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    @Test
    void promotesVersionsThatBeatTheSourceModelAndUsesEachSampleOnce() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, RoundHooks.NONE)) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 30);
            adapting.start();
            awaitTrained(fixture, CAMERA, 30);

            List<AdaptationEvent.Trained> trained = fixture.events(AdaptationEvent.Trained.class, CAMERA);
            assertThat(trained.stream().map(AdaptationEvent.Trained::miniBatch)).doesNotHaveDuplicates();
            assertThat(trained.stream()
                            .mapToInt(AdaptationEvent.Trained::samples)
                            .sum())
                    .isEqualTo(30 * 32);
            List<AdaptationEvent.Trained> last = trained.subList(20, 30);
            assertThat(last.stream()
                            .mapToInt(AdaptationEvent.Trained::activeCorrect)
                            .sum())
                    .isGreaterThan(last.stream()
                                    .mapToInt(AdaptationEvent.Trained::sourceCorrect)
                                    .sum()
                            + 64);
            assertThat(versions(fixture, CAMERA)).hasSizeGreaterThan(10);
            assertThat(adapting.check()).isInstanceOf(Health.Ready.class);
        }
    }

    @Test
    void adaptsDomainsIndependentlyAndObeysCommands() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, RoundHooks.NONE)) {
            adapting.start();
            fixture.send(new ControlCommand.Pause("c1", OTHER));
            awaitControlled(fixture, OTHER, 1);
            fixture.sendBatches(CAMERA, INVERTED, 0, 12);
            fixture.sendBatches(OTHER, INVERTED, 0, 2);
            awaitTrained(fixture, CAMERA, 12);
            awaitTrained(fixture, OTHER, 2);

            assertThat(versions(fixture, OTHER)).isEmpty();
            assertThat(fixture.events(AdaptationEvent.Trained.class, OTHER)).allMatch(trained -> trained.steps() == 0);
            List<ModelVersion> versions = versions(fixture, CAMERA);
            assertThat(versions).hasSizeGreaterThan(1);

            long active = versions.get(versions.size() - 1).id().number();
            fixture.send(new ControlCommand.Rollback("c2", CAMERA));
            awaitControlled(fixture, CAMERA, 1);
            assertThat(active(fixture, CAMERA)).isEqualTo(active - 1);
            fixture.send(new ControlCommand.Activate("c3", CAMERA, active));
            fixture.send(new ControlCommand.Activate("c4", CAMERA, 999));
            awaitControlled(fixture, CAMERA, 3);
            assertThat(active(fixture, CAMERA)).isEqualTo(active);
            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .extracting(AdaptationEvent.Controlled::applied)
                    .containsExactly(true, true, false);

            fixture.send(new ControlCommand.Resume("c5", OTHER));
            awaitControlled(fixture, OTHER, 2);
            fixture.sendBatches(OTHER, INVERTED, 2, 10);
            awaitTrained(fixture, OTHER, 12);
            assertThat(versions(fixture, OTHER)).isNotEmpty();
        }
    }

    @Test
    void fault21ClassesOutOfRangeAndUnreadablePixelsNeverReachTrainingAndTheRestIsTrainedOn() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, RoundHooks.NONE)) {
            List<LabelledSample> samples = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                samples.add(AdaptFixture.sample(INVERTED, i));
            }
            LabelledSample good = AdaptFixture.sample(INVERTED, 8);
            samples.add(new LabelledSample(
                    new ImageId("class"), 10, "", good.image(), new Coordinates("labels", 0, 100), AdaptFixture.TIME));
            samples.add(new LabelledSample(
                    new ImageId("name"),
                    1,
                    "zebra",
                    good.image(),
                    new Coordinates("labels", 0, 102),
                    AdaptFixture.TIME));
            samples.add(new LabelledSample(
                    new ImageId("text"),
                    1,
                    "",
                    new Payload(Bytes.utf8("no image"), Optional.empty()),
                    new Coordinates("labels", 0, 101),
                    AdaptFixture.TIME));
            fixture.send(CAMERA, 0, samples);
            adapting.start();
            awaitTrained(fixture, CAMERA, 1);

            assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA)
                            .get(0)
                            .samples())
                    .isEqualTo(8);
            assertThat(fixture.read(fixture.topics.deadLetters()).stream()
                            .map(DeadLetters::parse)
                            .map(outcome -> ((Outcome.Ok<DeadLetters.DeadLetter>) outcome)
                                    .value()
                                    .reason()))
                    .containsExactlyInAnyOrder(
                            DeadLetterReason.UNKNOWN_CLASS,
                            DeadLetterReason.UNKNOWN_CLASS,
                            DeadLetterReason.UNDECODABLE_IMAGE);
        }
    }

    private static Adapting adapting(AdaptFixture fixture, RoundHooks moments) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())),
                AdaptSettings.defaults()
                        .withFreshness(FreshnessSettings.NONE)
                        .withPace(PaceSettings.NONE)
                        .withMembership(Membership.of(fixture.topics.prefix() + "adapt")),
                Telemetry.inMemory(),
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC),
                moments);
    }

    private static void awaitTrained(AdaptFixture fixture, DomainId domain, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Trained.class, domain).size() >= count);
    }

    private static void awaitControlled(AdaptFixture fixture, DomainId domain, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Controlled.class, domain).size() >= count);
    }

    private static List<ModelVersion> versions(AdaptFixture fixture, DomainId domain) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            return reader.catalogue().versions().values().stream()
                    .filter(version -> version.id().domain().equals(domain))
                    .toList();
        }
    }

    private static long active(AdaptFixture fixture, DomainId domain) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            return Optional.ofNullable(reader.catalogue().active().get(domain))
                    .orElseThrow()
                    .version()
                    .number();
        }
    }
}
