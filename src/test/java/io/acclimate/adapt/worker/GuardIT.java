package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the worker does when a version that serves should not, when many want to choose one, and in either group protocol. */
class GuardIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final DomainId OTHER = new DomainId("camera-2");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final long ROGUE = 500;

    private final Telemetry telemetry = Telemetry.inMemory();

    @Test
    void fault13AVersionOfNoNumbersIsNotMadeActiveWhoeverAsks() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, "0", Map.of())) {
            long good = activateRogue(fixture, adapting, Float.NaN);

            AdaptationEvent.Controlled answer =
                    fixture.events(AdaptationEvent.Controlled.class, CAMERA).get(0);
            assertThat(answer.applied()).isFalse();
            assertThat(answer.message()).contains(ROGUE + " cannot be used");
            assertThat(activated(fixture).get(activated(fixture).size() - 1)).isEqualTo(good);
        }
    }

    @Test
    void fault13AnActiveModelOfOneClassIsRolledBackToTheLastGoodVersion() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, "0", Map.of())) {
            long good = activateRogue(fixture, adapting, 0);
            int before = activated(fixture).indexOf(ROGUE);

            fixture.sendBatches(CAMERA, INVERTED, 12, 6);
            awaitTrained(fixture, CAMERA, 18);

            AdaptationEvent.Activated back =
                    fixture.events(AdaptationEvent.Activated.class, CAMERA).get(before + 1);
            assertThat(back.activation().cause()).isEqualTo(Activation.Cause.ROLLBACK);
            assertThat(back.activation().version().number()).isEqualTo(good);
            assertThat(back.activation().reason()).contains("one class");
            assertThat(back.previous()).isEqualTo(ROGUE);
            assertThat(telemetry.total(Meter.ROLLBACKS)).isEqualTo(1);
        }
    }

    /** Trains, then asks for a version whose weights are all {@code weight}; gives the number that was active before. */
    private static long activateRogue(AdaptFixture fixture, Adapting adapting, float weight) {
        fixture.sendBatches(CAMERA, INVERTED, 0, 12);
        adapting.start();
        awaitTrained(fixture, CAMERA, 12);
        List<Long> before = activated(fixture);
        long good = before.get(before.size() - 1);
        fixture.publishUniform(new VersionId(CAMERA, ROGUE), good, weight);
        fixture.send(new ControlCommand.Activate("c1", CAMERA, ROGUE));
        await().atMost(LIMIT).until(() -> !fixture.events(AdaptationEvent.Controlled.class, CAMERA)
                .isEmpty());
        return good;
    }

    private static List<Long> activated(AdaptFixture fixture) {
        return fixture.events(AdaptationEvent.Activated.class, CAMERA).stream()
                .map(each -> each.activation().version().number())
                .toList();
    }

    @Test
    void fault25OfAThousandParallelActivationsOneWinsAndTheOthersAreTold() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, "0", Map.of())) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 12);
            adapting.start();
            awaitTrained(fixture, CAMERA, 12);
            assertThat(activated(fixture))
                    .as("another version than the source model is active")
                    .isNotEmpty();
            int count = 1_000;
            ExecutorService many = Executors.newFixedThreadPool(16);
            for (int i = 0; i < count; i++) {
                String id = "c" + i;
                many.execute(() -> fixture.send(new ControlCommand.Activate(id, CAMERA, VersionId.SOURCE)));
            }
            many.shutdown();

            await().atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> fixture.events(AdaptationEvent.Controlled.class, CAMERA)
                                    .size()
                            == count);
            List<AdaptationEvent.Controlled> answers = fixture.events(AdaptationEvent.Controlled.class, CAMERA);
            assertThat(answers)
                    .extracting(AdaptationEvent.Controlled::commandId)
                    .doesNotHaveDuplicates();
            assertThat(answers).filteredOn(AdaptationEvent.Controlled::applied).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> !answer.applied())
                    .allSatisfy(answer -> assertThat(answer.message()).isEqualTo("version 0 is active already"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void workersThatComeAndGoTrainOnEachMiniBatchOnce(String protocol) {
        Map<String, Object> client = Map.of("group.protocol", protocol);
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting second = adapting(fixture, "b", client)) {
            try (Adapting first = adapting(fixture, "a", client)) {
                first.start();
                fixture.sendBatches(CAMERA, INVERTED, 0, 3);
                fixture.sendBatches(OTHER, INVERTED, 0, 3);
                awaitTrained(fixture, CAMERA, 3);
                second.start();
                fixture.sendBatches(CAMERA, INVERTED, 3, 3);
                fixture.sendBatches(OTHER, INVERTED, 3, 3);
                awaitTrained(fixture, CAMERA, 6);
            }
            fixture.sendBatches(CAMERA, INVERTED, 6, 2);
            fixture.sendBatches(OTHER, INVERTED, 6, 2);
            awaitTrained(fixture, CAMERA, 8);
            awaitTrained(fixture, OTHER, 8);
            for (DomainId domain : List.of(CAMERA, OTHER)) {
                assertThat(fixture.events(AdaptationEvent.Trained.class, domain))
                        .extracting(AdaptationEvent.Trained::miniBatch)
                        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            }
        }
    }

    private Adapting adapting(AdaptFixture fixture, String instance, Map<String, Object> more) {
        Map<String, Object> client = new HashMap<>(TestBroker.clientProperties());
        client.putAll(more);
        return new Adapting(
                client,
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())),
                AdaptSettings.defaults()
                        .withFreshness(FreshnessSettings.NONE)
                        .withPace(PaceSettings.NONE)
                        .withMembership(new Membership(fixture.topics.prefix() + "adapt", instance)),
                telemetry,
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC),
                RoundHooks.NONE);
    }

    private static void awaitTrained(AdaptFixture fixture, DomainId domain, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Trained.class, domain).size() >= count);
    }
}
