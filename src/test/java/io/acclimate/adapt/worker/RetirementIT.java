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
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.VersionFollower;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.Partitions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

/** Two domains of one partition, of which one is retired. */
class RetirementIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final DomainId NEIGHBOUR = IntStream.range(0, 100)
            .mapToObj(i -> new DomainId("neighbour-" + i))
            .filter(each -> partition(each) == partition(CAMERA))
            .findFirst()
            .orElseThrow();
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final Duration ALWAYS = Duration.ofMillis(1);

    private static int partition(DomainId domain) {
        return Partitions.ofDomain(domain, TopicPlan.DEFAULT.domainPartitions());
    }

    @Test
    void aRetiredDomainLeavesNothingButItsNumbersDisturbsNobodyAndBeginsAnewWithTheNextLabel() {
        Map<VersionId, ModelVersion> undisturbed;
        try (AdaptFixture fixture = new AdaptFixture()) {
            learnOfTheNeighbour(fixture);
            undisturbed = versions(fixture, NEIGHBOUR);
        }
        try (AdaptFixture fixture = new AdaptFixture()) {
            try (Adapting adapting = adapting(fixture, ALWAYS, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(CAMERA, INVERTED, 0, 6);
                fixture.sendBatches(NEIGHBOUR, INVERTED, 0, 6);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 6);
                awaitEvents(fixture, AdaptationEvent.Trained.class, NEIGHBOUR, 6);
                await().atMost(LIMIT).until(() -> isKept(fixture, fixture.topics.adaptationStarts(), CAMERA + "/0/0"));
            }
            long newest = newest(fixture);
            assertThat(newest).isPositive();

            retire(fixture, RoundHooks.NONE);

            assertThat(left(fixture, fixture.topics.adaptationState())).containsOnlyKeys(CAMERA + "/0");
            assertThat(left(fixture, fixture.topics.adaptationState()).get(CAMERA + "/0"))
                    .isLessThan(300);
            assertThat(left(fixture, fixture.topics.adaptationStarts()))
                    .containsOnlyKeys(CAMERA + "/0/0", CAMERA + "/0/1");
            assertThat(left(fixture, fixture.topics.modelVersions())).containsOnlyKeys(CAMERA + "/active");
            assertThat(left(fixture, fixture.topics.modelWeights())).isEmpty();
            assertThat(served(fixture)).isEqualTo(VersionId.SOURCE);
            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .singleElement()
                    .satisfies(answer -> {
                        assertThat(answer.applied()).isTrue();
                        assertThat(answer.command()).isEqualTo("retire");
                        assertThat(answer.message()).startsWith("retired: ").endsWith("; asked by the site");
                    });

            try (Adapting adapting = adapting(fixture, Duration.ZERO, RoundHooks.NONE)) {
                adapting.start();
                fixture.send(new ControlCommand.Pause("c-2", CAMERA));
                fixture.send(new ControlCommand.Retire("c-3", CAMERA, ""));
                awaitEvents(fixture, AdaptationEvent.Controlled.class, CAMERA, 3);
                assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                        .extracting(AdaptationEvent.Controlled::applied)
                        .containsExactly(true, false, false);
                fixture.sendBatches(NEIGHBOUR, INVERTED, 6, 6);
                awaitEvents(fixture, AdaptationEvent.Trained.class, NEIGHBOUR, 12);
                assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA))
                        .hasSize(6);

                fixture.sendBatches(CAMERA, INVERTED, 6, 2);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 8);
                // Before its first snapshot: the next worker has the headstone and the rounds since.
                fence(fixture);
            }
            try (Adapting adapting = adapting(fixture, Duration.ZERO, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(CAMERA, INVERTED, 8, 7);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 15);
            }

            assertThat(versions(fixture, CAMERA).keySet()).isNotEmpty().allMatch(id -> id.number() > newest);
            assertThat(versions(fixture, CAMERA).get(new VersionId(CAMERA, newest + 1)))
                    .isNotNull()
                    .extracting(ModelVersion::parent)
                    .isEqualTo(VersionId.SOURCE);
            assertThat(served(fixture)).isEqualTo(newest(fixture));
            assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA))
                    .extracting(AdaptationEvent.Trained::miniBatch)
                    .doesNotHaveDuplicates();
            assertThat(versions(fixture, NEIGHBOUR)).containsOnlyKeys(undisturbed.keySet());
            versions(fixture, NEIGHBOUR).forEach((id, version) -> assertThat(version.weights())
                    .as("%s", id)
                    .isEqualTo(Objects.requireNonNull(undisturbed.get(id)).weights()));
            RebuildReport report = rebuild(fixture);
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions())
                    .hasSameSizeAs(versions(fixture, CAMERA).keySet());
            assertThat(report.notes()).singleElement().asString().contains("the domain was retired at");
        }
    }

    @Test
    void aWorkerThatFailsInTheTransactionHasRemovedNothingAndDoesItAgain() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            try (Adapting adapting = adapting(fixture, Duration.ZERO, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(CAMERA, INVERTED, 0, 4);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 4);
            }
            Map<VersionId, ModelVersion> before = versions(fixture, CAMERA);
            Map<Integer, Map<VersionId, ModelVersion>> seen = new ConcurrentHashMap<>();

            retire(fixture, new RoundHooks() {
                private int tries;

                @Override
                public void written(Round round) {
                    seen.put(tries, versions(fixture, CAMERA));
                    if (tries++ < 2) {
                        throw new IllegalStateException("the test aborts the retirement");
                    }
                }
            });

            assertThat(seen).containsOnlyKeys(0, 1, 2).allSatisfy((tries, versions) -> assertThat(versions.keySet())
                    .isEqualTo(before.keySet()));
            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA)).hasSize(1);
            assertThat(left(fixture, fixture.topics.adaptationState())).containsOnlyKeys(CAMERA + "/0");
            assertThat(versions(fixture, CAMERA)).isEmpty();
        }
    }

    @Test
    void itsLastPicturesAreDeletedThoughNoOtherLabelComes() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            try (Adapting adapting = adapting(fixture, Duration.ZERO, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(CAMERA, INVERTED, 0, 3);
                awaitEvents(fixture, AdaptationEvent.Trained.class, CAMERA, 3);
            }
            retire(fixture, RoundHooks.NONE);

            try (Adapting adapting = adapting(fixture, ALWAYS, RoundHooks.NONE)) {
                adapting.start();

                await().atMost(LIMIT)
                        .until(() -> fixture.read(fixture.topics.miniBatches()).isEmpty());
            }
        }
    }

    private static void learnOfTheNeighbour(AdaptFixture fixture) {
        for (int from = 0; from < 12; from += 6) {
            try (Adapting adapting = adapting(fixture, Duration.ZERO, RoundHooks.NONE)) {
                adapting.start();
                fixture.sendBatches(NEIGHBOUR, INVERTED, from, 6);
                awaitEvents(fixture, AdaptationEvent.Trained.class, NEIGHBOUR, from + 6);
            }
        }
    }

    private static void retire(AdaptFixture fixture, RoundHooks hooks) {
        try (Adapting adapting = adapting(fixture, Duration.ZERO, hooks)) {
            adapting.start();
            fixture.send(new ControlCommand.Retire("c-1", CAMERA, "asked by the site"));
            awaitEvents(fixture, AdaptationEvent.Controlled.class, CAMERA, 1);
        }
    }

    /** Takes the transactions of the partition away from its worker, which so leaves what a killed one leaves. */
    private static void fence(AdaptFixture fixture) {
        AdaptSettings settings = AdaptFixture.eager().withMembership(Membership.of(fixture.topics.prefix() + "adapt"));
        try (Producer<byte[], byte[]> producer =
                WorkerClients.producer(TestBroker.clientProperties(), settings, partition(CAMERA))) {
            producer.initTransactions();
        }
    }

    private static Adapting adapting(AdaptFixture fixture, Duration keep, RoundHooks hooks) {
        AdaptSettings settings = AdaptFixture.eager()
                .withMembership(Membership.of(fixture.topics.prefix() + "adapt"))
                .withOutput(new OutputSettings(4, Encoding.JSON, keep));
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

    private static Map<VersionId, ModelVersion> versions(AdaptFixture fixture, DomainId domain) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            Map<VersionId, ModelVersion> versions =
                    new HashMap<>(reader.catalogue().versions());
            versions.keySet().removeIf(id -> !id.domain().equals(domain));
            return versions;
        }
    }

    private static long newest(AdaptFixture fixture) {
        return versions(fixture, CAMERA).keySet().stream()
                .mapToLong(VersionId::number)
                .max()
                .orElse(VersionId.SOURCE);
    }

    /** The version that a serving process which starts now is told to serve for the camera. */
    private static long served(AdaptFixture fixture) {
        Map<DomainId, VersionId> told = new ConcurrentHashMap<>();
        Map<DomainId, WeightDelta> weights = new ConcurrentHashMap<>();
        try (Telemetry telemetry = Telemetry.inMemory();
                VersionFollower follower = new VersionFollower(
                        TestBroker.clientProperties(),
                        fixture.topics,
                        (activation, version, delta) -> {
                            told.put(activation.version().domain(), activation.version());
                            weights.put(activation.version().domain(), delta);
                            return Optional.empty();
                        },
                        telemetry)) {
            follower.start();
            assertThat(follower.awaitCaughtUp(LIMIT)).isTrue();
        }
        long number = Objects.requireNonNull(told.get(CAMERA)).number();
        assertThat(Objects.requireNonNull(weights.get(CAMERA)).equals(WeightDelta.EMPTY))
                .isEqualTo(number == VersionId.SOURCE);
        return number;
    }

    private static boolean isKept(AdaptFixture fixture, String topic, String key) {
        return left(fixture, topic).containsKey(key);
    }

    /** The sizes of the camera's records that compaction leaves on a topic, by their keys. */
    private static Map<String, Integer> left(AdaptFixture fixture, String topic) {
        Map<String, Integer> left = new TreeMap<>();
        fixture.read(topic).forEach(record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                left.remove(key);
            } else if (key.startsWith(CAMERA + "/")) {
                left.put(key, record.value().length);
            }
        });
        return left;
    }
}
