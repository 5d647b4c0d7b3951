package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.rebuild.Rebuild;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Payload;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdaptFaultIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    /** Every third round is killed once after its steps, every third once after its records are written. */
    private static final class Killer implements RoundHooks {
        final Set<Long> killed = ConcurrentHashMap.newKeySet();

        @Override
        public void trained(Round round) {
            kill(round, 1);
        }

        @Override
        public void written(Round round) {
            kill(round, 2);
        }

        private void kill(Round round, int turn) {
            long generation = round.saved().generation();
            if (generation % 3 == turn && killed.add(generation)) {
                throw new IllegalStateException("killed in round " + generation);
            }
        }
    }

    @Test
    void fault07KilledBetweenStepAndPublishOrBeforeTheOffsetCommitTheSameVersionsComeBitForBit() {
        List<Digest> undisturbed;
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, every(1), Telemetry.inMemory(), RoundHooks.NONE)) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 14);
            adapting.start();
            awaitTrained(fixture, 14);
            undisturbed = digests(fixture);
        }
        // A snapshot every 4 rounds, so that restarts have none, one, two or three rounds to train again.
        Killer killer = new Killer();
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 8);
            try (Adapting first = adapting(fixture, every(4), Telemetry.inMemory(), killer)) {
                first.start();
                awaitTrained(fixture, 8);
            }
            fixture.sendBatches(CAMERA, INVERTED, 8, 6);
            try (Adapting second = adapting(fixture, every(4), Telemetry.inMemory(), killer)) {
                second.start();
                awaitTrained(fixture, 14);
            }
            assertThat(killer.killed).containsExactlyInAnyOrder(1L, 2L, 4L, 5L, 7L, 8L, 10L, 11L, 13L, 14L);
            assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA).stream()
                            .map(AdaptationEvent.Trained::miniBatch))
                    .containsExactlyElementsOf(LongStream.range(0, 14).boxed().toList());
            assertThat(digests(fixture)).hasSizeGreaterThan(4).isEqualTo(undisturbed);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "100, 0", "2, 1"})
    void restartWithOtherSettingsAfterAKillTrainsOnFromTheActiveVersionAndCanBeMadeAgain(
            int snapshotEvery, int newClasses) throws Exception {
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 6);
            Killer killer = new Killer();
            RoundHooks atTheSixth = new RoundHooks() {
                @Override
                public void trained(Round round) {
                    if (round.saved().generation() == 6) {
                        killer.killed.add(6L);
                        throw new IllegalStateException("killed");
                    }
                }
            };
            try (Adapting first = adapting(fixture, every(snapshotEvery), Telemetry.inMemory(), atTheSixth)) {
                first.start();
                await().atMost(LIMIT).until(() -> killer.killed.contains(6L));
                awaitTrained(fixture, 5);
            }
            long before = versions(fixture).size();
            UnaryOperator<AdaptSettings> slower = settings -> settings.withTrain(
                    settings.train().withOptimizer(settings.train().optimizer().withClip(1)));
            try (Adapting second =
                    adapting(fixture, wider(newClasses), slower, Telemetry.inMemory(), RoundHooks.NONE)) {
                second.start();
                fixture.sendBatches(CAMERA, INVERTED, 6, 4);
                awaitTrained(fixture, 10);
            }
            List<ModelVersion> after = versions(fixture);
            assertThat(after).hasSizeGreaterThan((int) before);
            assertThat(after.stream().map(version -> version.id().number()))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, after.size()).boxed().toList());
            try (Rebuild rebuild = new Rebuild(
                    TestBroker.clientProperties(),
                    fixture.topics,
                    AdaptFixture.sourceModel(),
                    graph -> Optional.of(AdaptFixture.samples(graph)),
                    AdaptSettings.defaults())) {
                assertThat(rebuild.run(Optional.of(CAMERA), step -> {}).differences())
                        .isEmpty();
            }
        }
    }

    @Test
    void fault23SamplesWithHugeValuesAreClippedOrRefusedAndTheNextMiniBatchesTrain() {
        try (AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, every(4), Telemetry.inMemory(), RoundHooks.NONE)) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 3);
            fixture.send(CAMERA, 3, hostile(1e30f).subList(0, 4));
            fixture.send(CAMERA, 4, hostile(Float.MAX_VALUE));
            fixture.sendBatches(CAMERA, INVERTED, 5, 5);
            adapting.start();
            awaitTrained(fixture, 9);

            List<AdaptationEvent.Trained> rounds = fixture.events(AdaptationEvent.Trained.class, CAMERA);
            assertThat(rounds.stream().map(AdaptationEvent.Trained::miniBatch))
                    .as("a mini-batch of which nothing is left is no round")
                    .containsExactly(0L, 1L, 2L, 3L, 5L, 6L, 7L, 8L, 9L);
            assertThat(fixture.events(AdaptationEvent.Discarded.class, CAMERA))
                    .singleElement()
                    .satisfies(event -> assertThat(event.messages())
                            .hasSize(32)
                            .allMatch(message -> message.endsWith("are not finite")));
            assertThat(fixture.events(AdaptationEvent.Judged.class, CAMERA)).hasSize(9);
            assertThat(rounds).allSatisfy(round -> assertThat(round.losses().get("target"))
                    .isFinite());
            assertThat(adapting.check()).isInstanceOf(Health.Ready.class);
        }
    }

    /** What keeps dead letters from being written, what health then says, and what ends it. */
    private enum Obstacle {
        MISSING("not present") {
            @Override
            void set(Admin admin, Topics topics) throws Exception {
                admin.deleteTopics(List.of(topics.deadLetters())).all().get();
                await().atMost(LIMIT)
                        .until(() -> !admin.listTopics().names().get().contains(topics.deadLetters()));
            }

            @Override
            void end(Admin admin, Topics topics) {
                TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
            }
        },
        DENIED("grant WRITE on topic") {
            @Override
            void set(Admin admin, Topics topics) throws Exception {
                TestBroker.denyWrite(admin, topics.deadLetters());
            }

            @Override
            void end(Admin admin, Topics topics) throws Exception {
                TestBroker.allowWrite(admin, topics.deadLetters());
            }
        };

        final String said;

        Obstacle(String said) {
            this.said = said;
        }

        abstract void set(Admin admin, Topics topics) throws Exception;

        abstract void end(Admin admin, Topics topics) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(Obstacle.class)
    void fault20StopsWhileDeadLettersCannotBeWrittenSaysWhyAndLosesNone(Obstacle obstacle) throws Exception {
        try (Admin admin = Admin.create(TestBroker.clientProperties());
                AdaptFixture fixture = new AdaptFixture();
                Adapting adapting = adapting(fixture, every(1), Telemetry.inMemory(), RoundHooks.NONE)) {
            adapting.start();
            await().atMost(LIMIT).until(() -> adapting.check() instanceof Health.Ready);
            obstacle.set(admin, fixture.topics);

            fixture.sendUnreadable(CAMERA);
            fixture.sendBatches(CAMERA, INVERTED, 0, 2);

            await().atMost(LIMIT)
                    .until(() -> adapting.check() instanceof Health.NotReady notReady
                            && notReady.waitingFor().contains(obstacle.said)
                            && notReady.waitingFor().contains(fixture.topics.deadLetters()));
            assertThat(fixture.events()).isEmpty();

            obstacle.end(admin, fixture.topics);

            awaitTrained(fixture, 2);
            assertThat(fixture.read(fixture.topics.deadLetters())).hasSize(1);
            assertThat(fixture.events(AdaptationEvent.Trained.class, CAMERA)).hasSize(2);
            await().atMost(LIMIT).until(() -> adapting.check() instanceof Health.Ready);
        }
    }

    /** Rows of huge and yet finite values. */
    private static List<LabelledSample> hostile(float value) {
        float[] values = new float
                [Math.toIntExact(AdaptFixture.sourceModel().card().input().row().elements())];
        Arrays.fill(values, value);
        FloatTensor row =
                FloatTensor.wrap(AdaptFixture.sourceModel().card().input().row(), values);
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            samples.add(new LabelledSample(
                    new ImageId("hostile-" + value + "-" + i),
                    i % 10,
                    "",
                    new Payload(Bytes.wrap(row.toLittleEndian()), Optional.of("application/x-tensor-f32")),
                    new Coordinates("labels", 0, 10_000 + i),
                    AdaptFixture.TIME));
        }
        return samples;
    }

    private static UnaryOperator<AdaptSettings> every(int rounds) {
        return settings -> settings.withOutput(new OutputSettings(rounds, Encoding.JSON));
    }

    /** The source model, with more classes before its own. */
    private static ModelGraph wider(int by) throws InvalidModelException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < by; i++) {
            names.add("new " + i);
        }
        ModelGraph model = AdaptFixture.sourceModel();
        names.addAll(model.card().classes().names());
        return model.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());
    }

    private static Adapting adapting(
            AdaptFixture fixture, UnaryOperator<AdaptSettings> with, Telemetry telemetry, RoundHooks moments) {
        return adapting(fixture, AdaptFixture.sourceModel(), with, telemetry, moments);
    }

    private static Adapting adapting(
            AdaptFixture fixture,
            ModelGraph model,
            UnaryOperator<AdaptSettings> with,
            Telemetry telemetry,
            RoundHooks moments) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                model,
                Optional.of(AdaptFixture.samples(model)),
                with.apply(AdaptFixture.eager().withMembership(Membership.of(fixture.topics.prefix() + "adapt"))),
                telemetry,
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC),
                moments);
    }

    private static void awaitTrained(AdaptFixture fixture, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Trained.class, CAMERA).size() >= count);
    }

    private static List<ModelVersion> versions(AdaptFixture fixture) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            return List.copyOf(reader.catalogue().versions().values());
        }
    }

    private static List<Digest> digests(AdaptFixture fixture) {
        return versions(fixture).stream().map(ModelVersion::weights).toList();
    }
}
