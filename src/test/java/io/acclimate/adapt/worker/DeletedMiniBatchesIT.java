package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.rebuild.Rebuild;
import io.acclimate.adapt.rebuild.RebuildReport;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.StartCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

/** A worker that deletes mini-batches as often as it can, beside one that deletes none. */
class DeletedMiniBatchesIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final DomainId QUIET = IntStream.range(0, 100)
            .mapToObj(i -> new DomainId("quiet-" + i))
            .filter(each -> partition(each) == partition(CAMERA))
            .findFirst()
            .orElseThrow();
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    private static int partition(DomainId domain) {
        return Partitions.ofDomain(domain, TopicPlan.DEFAULT.domainPartitions());
    }

    @Test
    void restartsAndAbortedRoundsLeadToTheVersionsOfAWorkerThatDeletesNothing() {
        Map<VersionId, ModelVersion> undisturbed;
        try (AdaptFixture fixture = new AdaptFixture()) {
            run(fixture, Duration.ZERO, RoundHooks.NONE);
            undisturbed = versions(fixture);
            assertThat(first(fixture)).isZero();
        }
        try (AdaptFixture fixture = new AdaptFixture()) {
            run(fixture, Duration.ofMillis(1), everySeventhRoundIsAborted());

            assertThat(first(fixture)).isGreaterThan(10);
            assertThat(versions(fixture)).hasSizeGreaterThan(10).containsOnlyKeys(undisturbed.keySet());
            versions(fixture).forEach((id, version) -> assertThat(version.weights())
                    .as("%s", id)
                    .isEqualTo(Objects.requireNonNull(undisturbed.get(id)).weights()));
            RebuildReport report = rebuild(fixture);
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).isNotEmpty().hasSizeLessThan(undisturbed.size());
            assertThat(report.notes()).singleElement().asString().contains("are deleted", "are not compared");
        }
    }

    @Test
    void aWorkerWithOtherSettingsAndWithoutARoundThatCameAfterAKillIsMadeAgain() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings first = AdaptFixture.eager()
                    .withMembership(Membership.of(fixture.topics.prefix() + "adapt"))
                    .withOutput(new OutputSettings(64, Encoding.JSON));
            try (Adapting adapting = adapting(fixture, first, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(CAMERA, INVERTED, 0, 6);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 6);
                fence(first);
            }
            AdaptSettings second = first.withSteps(first.steps().withReplay(1, 8))
                    .withOutput(new OutputSettings(64, Encoding.JSON, Duration.ofMillis(1)));
            try (Adapting adapting = adapting(fixture, second, RoundHooks.NONE)) {
                adapting.start();
                await().atMost(LIMIT).until(() -> fixture.read(fixture.topics.adaptationStarts()).stream()
                        .anyMatch(record -> StartCodec.endsPass(record.key())));
            }
            try (Adapting adapting = adapting(fixture, first, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(CAMERA, INVERTED, 6, 6);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 12);
            }

            RebuildReport report = rebuild(fixture);

            assertThat(report.notes()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(8);
        }
    }

    /** Takes the transactions of the domain's partition away from its worker, which so leaves what a killed one leaves. */
    private static void fence(AdaptSettings settings) {
        try (Producer<byte[], byte[]> producer =
                WorkerClients.producer(TestBroker.clientProperties(), settings, partition(CAMERA))) {
            producer.initTransactions();
        }
    }

    /** A quiet domain comes first and again later. There are commands before the starts that are left, and after them. */
    private static void run(AdaptFixture fixture, Duration keep, RoundHooks hooks) {
        AdaptSettings settings = AdaptFixture.eager()
                .withMembership(Membership.of(fixture.topics.prefix() + "adapt"))
                .withOutput(new OutputSettings(4, Encoding.JSON, keep));
        try (Adapting adapting = adapting(fixture, settings, hooks)) {
            adapting.start();
            fixture.sendBatches(QUIET, INVERTED, 0, 3);
            awaitEvents(fixture, AdaptationEvent.Trained.class, QUIET, 3);
            fixture.sendBatches(CAMERA, INVERTED, 0, 9);
            awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 9);
        }
        try (Adapting adapting = adapting(fixture, settings, hooks)) {
            adapting.start();
            fixture.send(new ControlCommand.Rollback("c-1", CAMERA));
            awaitEvents(fixture, AdaptationEvent.Controlled.class, CAMERA, 1);
            fixture.sendBatches(CAMERA, INVERTED, 9, 7);
            awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 16);
            fixture.sendBatches(QUIET, INVERTED, 3, 2);
            awaitEvents(fixture, AdaptationEvent.Trained.class, QUIET, 5);
        }
        // Nothing is deleted any more, so that there is something to rebuild.
        try (Adapting adapting = adapting(fixture, settings.withOutput(new OutputSettings(4, Encoding.JSON)), hooks)) {
            adapting.start();
            fixture.sendBatches(CAMERA, INVERTED, 16, 3);
            awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 19);
            fixture.send(new ControlCommand.Rollback("c-2", CAMERA));
            awaitEvents(fixture, AdaptationEvent.Controlled.class, CAMERA, 2);
            fixture.sendBatches(CAMERA, INVERTED, 19, 4);
            awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 23);
        }
    }

    private static RoundHooks everySeventhRoundIsAborted() {
        return new RoundHooks() {
            private int rounds;

            @Override
            public void written(Round round) {
                if (++rounds % 7 == 0) {
                    throw new IllegalStateException("round " + rounds + " is aborted by the test");
                }
            }
        };
    }

    private static Adapting adapting(AdaptFixture fixture, AdaptSettings settings, RoundHooks hooks) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.empty(),
                settings,
                Telemetry.inMemory(),
                Clock.systemUTC(),
                hooks);
    }

    private static void awaitEvents(
            AdaptFixture fixture, Class<? extends AdaptationEvent> kind, DomainId domain, int events) {
        await().atMost(LIMIT).until(() -> fixture.events(kind, domain).size() >= events);
    }

    private static RebuildReport rebuild(AdaptFixture fixture) {
        try (Rebuild rebuild = new Rebuild(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                graph -> Optional.empty(),
                AdaptSettings.defaults())) {
            return rebuild.run(Optional.of(CAMERA), step -> {});
        }
    }

    private static Map<VersionId, ModelVersion> versions(AdaptFixture fixture) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            return Map.copyOf(reader.catalogue().versions());
        }
    }

    /** The offset of the first mini-batch that is left. */
    private static long first(AdaptFixture fixture) {
        List<Long> offsets = fixture.read(fixture.topics.miniBatches()).stream()
                .filter(record -> record.partition() == partition(CAMERA))
                .map(record -> record.offset())
                .toList();
        return offsets.get(0);
    }
}
