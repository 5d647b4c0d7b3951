package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.rebuild.Rebuild;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.StepSettings;
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
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Rounds of two domains of one partition, whose mini-batches all wait when the worker begins. */
class RoundsTogetherIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final int EACH = 12;
    private static final List<DomainId> DOMAINS = neighbours();
    /** All efforts are full, as without a target, and rounds wait for others for minutes. */
    private static final FreshnessSettings PATIENT = new FreshnessSettings(Duration.ofHours(1));

    /** Every sixth round of a domain is killed once after its steps, and the second round of a transaction once after it is written. */
    private static final class Killer implements RoundHooks {
        final Set<String> afterSteps = ConcurrentHashMap.newKeySet();
        final Set<String> amongOthers = ConcurrentHashMap.newKeySet();
        /** In the transaction that is written now. The worker's thread only. */
        private int written;

        @Override
        public void trained(Round round) {
            written = 0;
            if (round.saved().generation() % 6 == 0 && afterSteps.add(name(round))) {
                throw new IllegalStateException("killed after the steps of " + name(round));
            }
        }

        @Override
        public void written(Round round) {
            written++;
            if (written == 2 && amongOthers.add(name(round))) {
                throw new IllegalStateException("killed when " + name(round) + " was written");
            }
        }

        private static String name(Round round) {
            return round.events().get(0).domain() + "/" + round.saved().generation();
        }
    }

    @Test
    void roundsThatAreKilledBetweenOthersOfTheirTransactionGiveTheVersionsOfRoundsThatAreCommittedOneByOne()
            throws Exception {
        Map<VersionId, Digest> oneByOne;
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, FreshnessSettings.NONE, RoundHooks.NONE)) {
            sendInTurn(fixture);
            adapting.start();
            awaitAll(fixture);
            assertThat(transactions(fixture)).isEqualTo((long) DOMAINS.size() * EACH);
            oneByOne = versions(fixture);
        }
        Killer killer = new Killer();
        try (AdaptFixture fixture = new AdaptFixture()) {
            sendInTurn(fixture);
            try (Adapting adapting = adapting(fixture, PATIENT, killer)) {
                adapting.start();
                awaitAll(fixture);
            }
            assertThat(killer.afterSteps).hasSize(DOMAINS.size() * EACH / 6);
            assertThat(killer.amongOthers).isNotEmpty();
            assertInTurnAndOnce(fixture);
            assertThat(versions(fixture)).isNotEmpty().isEqualTo(oneByOne);
            try (Rebuild rebuild = new Rebuild(
                    TestBroker.clientProperties(),
                    fixture.topics,
                    AdaptFixture.sourceModel(),
                    graph -> Optional.of(AdaptFixture.samples(graph)),
                    AdaptSettings.defaults())) {
                for (DomainId domain : DOMAINS) {
                    assertThat(rebuild.run(Optional.of(domain), step -> {}).differences())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void roundsOfAllDomainsAreCommittedTogetherAndInTheOrderOfTheirMiniBatches() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, PATIENT, RoundHooks.NONE)) {
            sendInTurn(fixture);
            adapting.start();
            awaitAll(fixture);

            assertInTurnAndOnce(fixture);
            assertThat(transactions(fixture))
                    .as("a round that makes a version ends a transaction, and few others do")
                    .isLessThan(DOMAINS.size() * EACH / 2);
        }
    }

    private static List<DomainId> neighbours() {
        int partitions = TopicPlan.DEFAULT.domainPartitions();
        return IntStream.range(0, 1_000)
                .mapToObj(each -> new DomainId("camera-" + each))
                .filter(each -> Partitions.ofDomain(each, partitions) == 0)
                .limit(2)
                .toList();
    }

    private static void sendInTurn(AdaptFixture fixture) {
        for (int sequence = 0; sequence < EACH; sequence++) {
            for (DomainId domain : DOMAINS) {
                fixture.sendBatches(domain, INVERTED, sequence, 1);
            }
        }
    }

    private static Adapting adapting(AdaptFixture fixture, FreshnessSettings freshness, RoundHooks moments) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())),
                // A version needs a proof, and no source pictures are translated, so that only few rounds make one and
                // end
                // their transaction.
                AdaptFixture.eager()
                        .withSteps(AdaptFixture.eager().steps().withTranslation(StepSettings.Translation.NONE))
                        .withGate(AdaptSettings.defaults().gate())
                        .withFreshness(freshness)
                        .withMembership(Membership.of(fixture.topics.prefix() + "adapt")),
                Telemetry.inMemory(),
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC),
                moments);
    }

    private static List<AdaptationEvent.Trained> trained(AdaptFixture fixture) {
        return fixture.events().stream()
                .filter(AdaptationEvent.Trained.class::isInstance)
                .map(AdaptationEvent.Trained.class::cast)
                .toList();
    }

    private static void awaitAll(AdaptFixture fixture) {
        await().atMost(LIMIT).until(() -> trained(fixture).size() >= DOMAINS.size() * EACH);
    }

    private static void assertInTurnAndOnce(AdaptFixture fixture) {
        List<String> expected = new ArrayList<>();
        for (int sequence = 0; sequence < EACH; sequence++) {
            for (DomainId domain : DOMAINS) {
                expected.add(domain + "/" + sequence);
            }
        }
        assertThat(trained(fixture))
                .extracting(each -> each.domain() + "/" + each.miniBatch())
                .containsExactlyElementsOf(expected);
    }

    /** How many transactions have events: the end of each is an offset without a record. */
    private static long transactions(AdaptFixture fixture) {
        EventCodec codec = new EventCodec(WireFormat.JSON);
        List<ConsumerRecord<byte[], byte[]>> events = fixture.read(fixture.topics.adaptationEvents());
        assertThat(events).allSatisfy(each -> assertThat(DOMAINS)
                .contains(codec.decode(each.value()).domain()));
        return 1
                + IntStream.range(1, events.size())
                        .filter(i -> events.get(i).offset() > events.get(i - 1).offset() + 1)
                        .count();
    }

    private static Map<VersionId, Digest> versions(AdaptFixture fixture) {
        Map<VersionId, Digest> all = new TreeMap<>(Comparator.comparing(VersionId::toString));
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            for (ModelVersion version : reader.catalogue().versions().values()) {
                all.put(version.id(), version.weights());
            }
        }
        return all;
    }
}
