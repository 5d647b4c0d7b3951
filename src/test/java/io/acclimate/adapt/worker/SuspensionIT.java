package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.Partitions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two domains on two partitions of one worker: what stops one of them leaves the other training. */
class SuspensionIT {
    private static final DomainId STOPPED = new DomainId("camera-1");
    private static final DomainId OTHER = new DomainId("camera-2");
    private static final int ROUNDS = 7;
    /** A guard against a hang; a busy machine may take its time. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final String PARTITION =
            "partition " + Partitions.ofDomain(STOPPED, TopicPlan.DEFAULT.domainPartitions()) + " of ";

    private static Map<VersionId, Digest> undisturbed = Map.of();

    @BeforeAll
    static void trainsUndisturbed() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, Telemetry.inMemory())) {
            fixture.sendBatches(STOPPED, INVERTED, 0, ROUNDS);
            fixture.sendBatches(OTHER, INVERTED, 0, ROUNDS);
            adapting.start();
            awaitTrained(fixture, STOPPED, ROUNDS);
            awaitTrained(fixture, OTHER, ROUNDS);
            undisturbed = digests(fixture);
        }
        assertThat(undisturbed.keySet()).extracting(VersionId::domain).contains(STOPPED, OTHER);
    }

    @Test
    void fault20WhenDeadLettersAreDeniedOnePartitionStopsAndGoesOnAfterTheGrantWithNothingLost() throws Exception {
        Telemetry telemetry = Telemetry.inMemory();
        try (Admin admin = Admin.create(TestBroker.clientProperties());
                AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, telemetry)) {
            adapting.start();
            fixture.sendBatches(STOPPED, INVERTED, 0, 3);
            awaitTrained(fixture, STOPPED, 3);
            TestBroker.denyWrite(admin, fixture.topics.deadLetters());
            fixture.sendUnreadable(STOPPED);
            fixture.sendBatches(STOPPED, INVERTED, 3, ROUNDS - 3);
            awaitSuspended(adapting, "grant WRITE on topic " + fixture.topics.deadLetters());

            fixture.sendBatches(OTHER, INVERTED, 0, ROUNDS);

            awaitTrained(fixture, OTHER, ROUNDS);
            awaitSuspended(adapting, "grant WRITE on topic " + fixture.topics.deadLetters());
            assertThat(fixture.events(AdaptationEvent.Trained.class, STOPPED)).hasSize(3);
            assertThat(telemetry.total(Meter.PARTITIONS_SUSPENDED)).isOne();

            TestBroker.allowWrite(admin, fixture.topics.deadLetters());

            goesOnAsIfNothingHadHappened(fixture, adapting, telemetry);
            assertThat(fixture.read(fixture.topics.deadLetters())).hasSize(1);
        }
    }

    @Test
    void fault09DamagedWeightsOfAnActiveVersionStopItsPartitionAloneUntilTheyArePutBack() {
        Telemetry telemetry = Telemetry.inMemory();
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(STOPPED, INVERTED, 0, 3);
            try (Adapting first = adapting(fixture, Telemetry.inMemory())) {
                first.start();
                awaitTrained(fixture, STOPPED, 3);
            }
            ModelVersion good = active(fixture);
            fixture.put(damaged(good));
            fixture.sendBatches(STOPPED, INVERTED, 3, ROUNDS - 3);
            fixture.sendBatches(OTHER, INVERTED, 0, ROUNDS);

            try (Adapting second = adapting(fixture, telemetry)) {
                second.start();
                awaitTrained(fixture, OTHER, ROUNDS);
                awaitSuspended(second, "the active version " + good.id());
                assertThat(fixture.events(AdaptationEvent.Trained.class, STOPPED))
                        .hasSize(3);

                fixture.put(good);

                goesOnAsIfNothingHadHappened(fixture, second, telemetry);
            }
        }
    }

    private static void goesOnAsIfNothingHadHappened(AdaptFixture fixture, Adapting adapting, Telemetry telemetry) {
        awaitTrained(fixture, STOPPED, ROUNDS);
        assertThat(fixture.events(AdaptationEvent.Trained.class, STOPPED))
                .extracting(AdaptationEvent.Trained::miniBatch)
                .containsExactlyElementsOf(LongStream.range(0, ROUNDS).boxed().toList());
        assertThat(digests(fixture)).isEqualTo(undisturbed);
        await().atMost(LIMIT).until(() -> adapting.check() instanceof Health.Ready);
        assertThat(telemetry.total(Meter.PARTITIONS_SUSPENDED)).isZero();
    }

    private static ModelVersion active(AdaptFixture fixture) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            WeightReader.Catalogue all = reader.catalogue();
            return Optional.ofNullable(all.active().get(STOPPED))
                    .map(activation -> all.versions().get(activation.version()))
                    .orElseThrow();
        }
    }

    /** The same version, whose weights now have another digest than they should. */
    private static ModelVersion damaged(ModelVersion good) {
        return new ModelVersion(
                good.id(),
                good.parent(),
                good.base(),
                good.classes(),
                Digest.of(new byte[] {1}),
                good.location(),
                good.chunks(),
                good.bytes(),
                good.createdAt(),
                good.provenance());
    }

    private static Adapting adapting(AdaptFixture fixture, Telemetry telemetry) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())),
                AdaptFixture.eager()
                        .withMembership(Membership.of(fixture.topics.prefix() + "adapt"))
                        .withOutput(new OutputSettings(4, Encoding.JSON)),
                telemetry,
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC),
                RoundHooks.NONE);
    }

    private static void awaitSuspended(Adapting adapting, String cause) {
        await().atMost(LIMIT)
                .until(() -> adapting.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains(PARTITION)
                        && notReady.waitingFor().contains(cause));
    }

    private static void awaitTrained(AdaptFixture fixture, DomainId domain, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Trained.class, domain).size() >= count);
    }

    private static Map<VersionId, Digest> digests(AdaptFixture fixture) {
        Map<VersionId, Digest> found = new TreeMap<>(Comparator.comparing(VersionId::toString));
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            reader.catalogue().versions().forEach((id, version) -> found.put(id, version.weights()));
        }
        return found;
    }
}
