package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.EvaluationSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.GateDecision;
import io.acclimate.train.OptimizerSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final GateDecision REJECTED = new GateDecision.Reject(List.of("worse"));

    private final BaseModel model = Linear.model();
    private final ActiveVersion active = new ActiveVersion(model);
    private final Position position =
            new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(1));

    @AfterEach
    void close() {
        active.close();
        model.close();
    }

    private Recovery recovery(AdaptSettings settings) {
        Holdout holdout = new Holdout(16);
        ReplayBuffer replay = new ReplayBuffer(16);
        int classes = model.graph().card().classes().count();
        return new Recovery(
                Linear.CAMERA,
                settings,
                model.graph().card(),
                position,
                active,
                new Proving(settings.gate(), classes, active, holdout, replay));
    }

    @Test
    void trainingThatIsProvenWorseGetsSmallerStepsWhenSomebodyChoseTheRate() {
        Optional<AdaptationEvent> event = recovery(Linear.settings()).wentAstray("worse", Linear.batch(4), Linear.TIME);

        assertThat(event)
                .hasValue(new AdaptationEvent.Restarted(
                        Linear.CAMERA, Linear.TIME, Linear.batch(4).sequence(), 0, 0.5, "worse"));
    }

    @Test
    void trainingThatIsProvenWorseKeepsItsStepsWithTheRateThatIsFound() {
        AdaptSettings settings =
                Linear.settings().withTrain(Linear.settings().train().withOptimizer(OptimizerSettings.defaults()));

        assertThat(recovery(settings).wentAstray("worse", Linear.batch(4), Linear.TIME))
                .isEmpty();
        assertThat(position.stepSize().scale()).isEqualTo(1);
    }

    @Test
    void onlyTheLastOfSoManyRejectionsInARowStartsTrainingAgain() {
        Recovery recovery = recovery(Linear.settings());
        int limit = EvaluationSettings.defaults().resetAfterRejects();
        for (int i = 1; i < limit; i++) {
            assertThat(recovery.judged(REJECTED, Linear.batch(4), Linear.TIME)).isEmpty();
        }

        assertThat(recovery.judged(REJECTED, Linear.batch(4), Linear.TIME)).isPresent();
    }

    @Test
    void withAShrinkOfOneTrainingStartsAgainAsBuildsBeforeDidIt() {
        EvaluationSettings defaults = EvaluationSettings.defaults();
        AdaptSettings before = new AdaptSettings(
                Linear.settings().train(),
                Linear.settings().gate(),
                Linear.settings().steps(),
                new EvaluationSettings(
                        defaults.holdoutCapacity(),
                        defaults.sourceCheck(),
                        1,
                        1,
                        true,
                        defaults.confidence(),
                        defaults.drift()),
                Linear.settings().delivery(),
                Linear.settings().unlabelled(),
                1);

        assertThat(recovery(before).judged(REJECTED, Linear.batch(4), Linear.TIME))
                .isEmpty();
        assertThat(position.stepSize().scale()).isEqualTo(1);
    }
}
