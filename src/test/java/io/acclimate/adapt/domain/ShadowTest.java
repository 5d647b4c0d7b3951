package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShadowTest {
    private static final Clock CLOCK = Clock.fixed(Linear.TIME, ZoneOffset.UTC);

    private final BaseModel model = Linear.model();
    private final Map<Long, WeightDelta> published = new TreeMap<>();
    private final Commands commands = new Commands(versions(), model, CLOCK);
    private DomainWorker worker = worker(Linear.settings().inShadow());

    @AfterEach
    void close() {
        worker.close();
        model.close();
    }

    private DomainWorker worker(AdaptSettings settings) {
        return Linear.worker(model, settings);
    }

    private PublishedVersions versions() {
        return new PublishedVersions() {
            @Override
            public Optional<ModelVersion> find(VersionId id) {
                return Optional.ofNullable(published.get(id.number()))
                        .map(weights -> new ModelVersion(
                                id,
                                0,
                                model.base(),
                                BiasModel.graph().card().classes().names(),
                                Digest.of(new byte[0]),
                                new Coordinates("model-weights", 0, 0),
                                1,
                                1,
                                Linear.TIME,
                                Map.of()));
            }

            @Override
            public List<ListedVersion> listed(DomainId domain) {
                return published.keySet().stream()
                        .flatMap(number -> find(new VersionId(domain, number)).stream())
                        .map(ListedVersion::of)
                        .toList();
            }

            @Override
            public Fetched fetch(ModelVersion version) {
                return new Fetched.Weights(published.getOrDefault(version.id().number(), WeightDelta.EMPTY));
            }
        };
    }

    private Round learn(int sequence) {
        Round round = worker.learn(Linear.batch(sequence), sequence);
        round.published().ifPresent(version -> published.put(version.id().number(), version.weights()));
        return round;
    }

    private Round activate(long number) {
        return commands.apply(new ControlCommand.Activate("c1", Linear.CAMERA, number), worker);
    }

    private Round rollback() {
        return commands.apply(new ControlCommand.Rollback("c1", Linear.CAMERA), worker);
    }

    private static AdaptationEvent.Trained trained(Round round) {
        return event(round, AdaptationEvent.Trained.class);
    }

    private static <E extends AdaptationEvent> E event(Round round, Class<E> kind) {
        return round.events().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theVersionsOfShadowModeAreThoseThatWouldHaveServed() {
        try (DomainWorker live = worker(Linear.settings())) {
            for (int sequence = 0; sequence < 4; sequence++) {
                Round served = live.learn(Linear.batch(sequence), sequence);
                Round shadow = learn(sequence);

                assertThat(shadow.published().map(Round.NewVersion::weights))
                        .isPresent()
                        .isEqualTo(served.published().map(Round.NewVersion::weights));
                assertThat(served.activation()).isPresent();
                assertThat(shadow.activation()).as("serving is told nothing").isEmpty();
                assertThat(event(shadow, AdaptationEvent.Shadowed.class))
                        .isEqualTo(new AdaptationEvent.Shadowed(
                                Linear.CAMERA, Linear.TIME, sequence + 1, sequence, "promoted by the gate"));
                assertThat(trained(shadow).shadow())
                        .contains(new AdaptationEvent.Trained.Shadow(
                                trained(served).activeVersion(), trained(served).activeCorrect()));
                assertThat(trained(shadow).activeVersion()).isZero();
                assertThat(trained(shadow).activeCorrect())
                        .isEqualTo(trained(shadow).sourceCorrect());
            }
        }
    }

    @Test
    void whatAnOperatorActivatesServesAndTrainingContinuesUndisturbed() {
        var first = learn(0);
        var second = learn(1);
        long steps = worker.checkpoints().whole().getOptimizerSteps();

        Round activated = activate(1);
        Round third = learn(2);

        Activation activation = activated.activation().orElseThrow();
        assertThat(activation.version().number()).isEqualTo(1);
        assertThat(activation.cause()).isEqualTo(Activation.Cause.ACTIVATE);
        assertThat(event(activated, AdaptationEvent.Activated.class).previous()).isZero();
        assertThat(worker.checkpoints().whole().getOptimizerSteps()).isGreaterThan(steps);
        assertThat(third.published().orElseThrow().parent()).isEqualTo(2);
        assertThat(third.activation()).isEmpty();
        assertThat(trained(third).activeVersion()).isEqualTo(1);
        assertThat(trained(third).activeCorrect()).isGreaterThan(24);
        assertThat(List.of(first, second)).allMatch(round -> round.activation().isEmpty());
    }

    @Test
    void theSameVersionIsNotActivatedTwiceAndRollbacksGoBackToWhatServed() {
        learnTwice();

        var one = activate(1);
        Round again = activate(1);
        var two = activate(2);
        Round back = rollback();
        Round source = rollback();
        Round none = rollback();

        assertThat(event(again, AdaptationEvent.Controlled.class).applied()).isFalse();
        assertThat(back.activation().orElseThrow().version().number()).isEqualTo(1);
        assertThat(back.activation().orElseThrow().cause()).isEqualTo(Activation.Cause.ROLLBACK);
        assertThat(source.activation().orElseThrow().version().number()).isZero();
        assertThat(event(none, AdaptationEvent.Controlled.class).message())
                .isEqualTo("no version was active before the current one");
        assertThat(worker.lineage().active()).as("training is not touched").isEqualTo(2);
        assertThat(List.of(one, two)).allMatch(round -> round.activation().isPresent());
    }

    private void learnTwice() {
        var first = learn(0);
        var second = learn(1);
        assertThat(List.of(first, second)).allMatch(round -> round.published().isPresent());
    }

    /** A worker with these settings that continues from where the present one is. */
    private void restart(AdaptSettings settings) {
        Checkpoint whole = worker.checkpoints().whole();
        WeightDelta active = worker.activeWeights();
        worker.close();
        worker = worker(settings);
        worker.checkpoints().restore(whole, 9, active, List.of(), List.of(), List.of());
        worker.lacksWeightsOf()
                .ifPresent(number -> worker.restoreServed(published.getOrDefault(number, WeightDelta.EMPTY)));
    }

    @Test
    void aRestartKeepsWhatServes() {
        learnTwice();
        var unused = activate(1);

        restart(Linear.settings().inShadow());

        Round next = learn(2);
        assertThat(trained(next).activeVersion()).isEqualTo(1);
        assertThat(trained(next).activeCorrect()).isGreaterThan(24);
        assertThat(next.activation()).isEmpty();
        assertThat(rollback().activation().orElseThrow().version().number()).isZero();
    }

    @Test
    void whenShadowModeEndsTheActiveVersionServesAfterTheFirstMiniBatch() {
        learnTwice();
        long epoch = activate(1).activation().orElseThrow().epoch();
        var paused = commands.apply(new ControlCommand.Pause("c2", Linear.CAMERA), worker);

        restart(Linear.settings());
        Round next = learn(2);

        assertThat(next.published()).as("nothing is trained during a pause").isEmpty();
        Activation activation = next.activation().orElseThrow();
        assertThat(activation.version().number()).isEqualTo(2);
        assertThat(activation.epoch()).isGreaterThan(epoch);
        assertThat(activation.cause()).isEqualTo(Activation.Cause.ACTIVATE);
        assertThat(event(next, AdaptationEvent.Activated.class).previous()).isEqualTo(1);
        assertThat(worker.checkpoints().whole().hasShadow()).isFalse();
        assertThat(learn(3).activation()).isEmpty();
        assertThat(paused.activation()).isEmpty();
    }

    @Test
    void whenShadowModeEndsAnOperatorMayKeepTheVersionThatServes() {
        learnTwice();
        var served = activate(1);
        restart(Linear.settings());

        Round kept = activate(1);

        assertThat(kept.activation().orElseThrow().version().number()).isEqualTo(1);
        assertThat(worker.lineage().active()).isEqualTo(1);
        assertThat(served.activation()).isPresent();
        assertThat(activate(1).activation()).as("it is active already").isEmpty();
    }

    @Test
    void shadowModeEndsInADomainThatGetsImagesWithoutLabelsOnly() {
        learnTwice();
        var served = activate(1);
        restart(Linear.settings());
        MiniBatch images = MiniBatch.unlabelled(
                Linear.CAMERA,
                2,
                List.of(new MiniBatch.UnlabelledImage(
                        new ImageId("image-1"),
                        Linear.batch(2).samples().get(0).image(),
                        new Coordinates("images", 0, 1))),
                Linear.TIME);

        Round next = worker.learn(images, 2);

        assertThat(next.activation().orElseThrow().version().number()).isEqualTo(2);
        assertThat(event(next, AdaptationEvent.Activated.class).previous()).isEqualTo(1);
        assertThat(worker.checkpoints().whole().hasShadow()).isFalse();
        assertThat(served.activation()).isPresent();
    }

    @Test
    void aWorkerThatEntersShadowModeGoesOnServingWhatWasActive() {
        worker.close();
        worker = worker(Linear.settings());
        learnTwice();

        restart(Linear.settings().inShadow());

        Round next = learn(2);
        assertThat(next.published()).isPresent();
        assertThat(next.activation()).isEmpty();
        assertThat(trained(next).activeVersion()).isEqualTo(2);
        assertThat(rollback().activation().orElseThrow().version().number()).isEqualTo(1);
    }

    @Test
    void retentionKeepsWhatServesHoweverOldItIs() {
        restart(Linear.settings().inShadow().withRetention(new RetentionSettings(1, 0, 0)));
        var first = learn(0);
        var activated = activate(1);

        for (int sequence = 1; sequence < 6; sequence++) {
            assertThat(learn(sequence).published()).isPresent();
        }

        assertThat(worker.publishing().keeps(1)).isTrue();
        assertThat(worker.publishing().keeps(3)).isFalse();
        assertThat(first.published()).isPresent();
        assertThat(activated.activation()).isPresent();
    }
}
