package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PositionTest {
    private final Position position =
            new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(7));

    private static Checkpoint saved(Position position) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        position.save(checkpoint);
        return checkpoint.build();
    }

    @Test
    void expectsEachMiniBatchOnceAndForgivesAGap() {
        assertThat(position.expects(Linear.batch(0))).isTrue();

        position.take(Linear.batch(4));

        assertThat(position.expects(Linear.batch(4))).isFalse();
        assertThat(position.expects(Linear.batch(5))).isTrue();
        assertThat(position.expects(Linear.batch(9))).isTrue();
    }

    @Test
    void anActivationNamesTheNewestLabelOfTheLastMiniBatchAndTheSamplesTrainedOn() {
        position.take(Linear.batch(
                0,
                List.of(
                        Linear.labelled("a", 2, 0, ""),
                        Linear.labelled("b", 5, 0, ""),
                        Linear.labelled("c", 1, 0, ""))));
        position.trainedOn(20);
        position.trainedOn(3);

        Activation activation = position.activate(1, Activation.Cause.PROMOTE, "why", Linear.TIME);

        assertThat(activation.lastLabelTime()).isEqualTo(Linear.TIME.plusSeconds(5));
        assertThat(activation.samplesSeen()).isEqualTo(23);
        assertThat(activation.reason()).isEqualTo("why");
        assertThat(position.lineage().active()).isEqualTo(1);
        assertThat(position.samplesSeen()).isEqualTo(23);
    }

    @Test
    void withoutAnyMiniBatchTheNewestLabelIsTheEpoch() {
        Activation activation = position.activate(1, Activation.Cause.ACTIVATE, "why", Linear.TIME);

        assertThat(activation.lastLabelTime()).isEqualTo(Instant.EPOCH);
    }

    /** A command may come right after a restart, and the label-to-served time of what it activates begins with that label. */
    @Test
    void anActivationRightAfterARestartNamesTheNewestLabelFromBeforeIt() {
        position.take(Linear.batch(0, List.of(Linear.labelled("a", 2, 0, ""))));
        Position restored = new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(7));
        restored.restore(saved(position));

        Activation activation = restored.activate(1, Activation.Cause.ACTIVATE, "why", Linear.TIME);

        assertThat(activation.lastLabelTime()).isEqualTo(Linear.TIME.plusSeconds(2));
    }

    @Test
    void aCheckpointOfBeforeLabelTimesWereKeptLeavesTheNewestLabelUnknownUntilTheNext() {
        position.take(Linear.batch(0, List.of(Linear.labelled("a", 2, 0, ""))));
        Position restored = new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(7));
        restored.restore(saved(position).toBuilder().clearLastLabelTime().build());

        Activation unknown = restored.activate(1, Activation.Cause.ACTIVATE, "why", Linear.TIME);
        restored.take(Linear.batch(1, List.of(Linear.labelled("b", 3, 0, ""))));
        Activation known = restored.activate(2, Activation.Cause.ACTIVATE, "why", Linear.TIME);

        assertThat(unknown.lastLabelTime()).isEqualTo(Instant.EPOCH);
        assertThat(known.lastLabelTime()).isEqualTo(Linear.TIME.plusSeconds(3));
    }

    @Test
    void everyThirdRejectionInARowIsOneTooManyAndAnActivationStartsTheCountAgain() {
        assertThat(position.rejectedTooOften(3)).isFalse();
        assertThat(position.rejectedTooOften(3)).isFalse();
        assertThat(position.rejectedTooOften(3)).isTrue();
        assertThat(position.rejectedTooOften(3)).isFalse();
        assertThat(position.rejectedTooOften(3)).isFalse();

        var unused = position.activate(1, Activation.Cause.PROMOTE, "why", Linear.TIME);

        assertThat(position.rejectedTooOften(3)).isFalse();
    }

    @Test
    void drawsTheSameNumbersForTheSameSeedAndDomainOnly() {
        long first = position.random().next();

        assertThat(new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(7))
                        .random()
                        .next())
                .isEqualTo(first);
        assertThat(new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(8))
                        .random()
                        .next())
                .isNotEqualTo(first);
        assertThat(new Position(
                                new DomainId("camera-2"),
                                AdaptSettings.defaults().withSeed(7))
                        .random()
                        .next())
                .isNotEqualTo(first);
    }

    @Test
    void isTheSameAfterACheckpoint() {
        position.take(Linear.batch(4));
        position.trainedOn(31);
        position.pause(true);
        position.rejectedTooOften(16);
        position.random().next();
        Checkpoint before = saved(position);

        Position restored = new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(1));
        restored.restore(before);

        assertThat(saved(restored)).isEqualTo(before);
        assertThat(before.getDomain()).isEqualTo("camera-1");
        assertThat(before.getNextMiniBatch()).isEqualTo(5);
        assertThat(before.getSamplesSeen()).isEqualTo(31);
        assertThat(before.getRejectedInRow()).isEqualTo(1);
        assertThat(before.getActiveHistoryList()).containsExactly(0L);
        assertThat(restored.isPaused()).isTrue();
        assertThat(restored.random().next()).isEqualTo(position.random().next());
    }

    @Test
    void eachPromotionMakesSmallStepsAQuarterLargerAndNoOtherActivationDoes() {
        position.stepSize().shrink(0.25);

        var promoted = position.activate(1, Activation.Cause.PROMOTE, "why", Linear.TIME);
        assertThat(position.stepSize().scale()).isEqualTo(0.25 * 1.25);
        var chosen = position.activate(2, Activation.Cause.ACTIVATE, "why", Linear.TIME);
        assertThat(position.stepSize().scale()).isEqualTo(0.25 * 1.25);
        position.passed();

        assertThat(position.stepSize().scale()).isEqualTo(0.25 * 1.25 * 1.25);
        assertThat(promoted.version().number()).isEqualTo(1);
        assertThat(chosen.version().number()).isEqualTo(2);
    }

    @Test
    void stepsAreAsSmallAfterACheckpoint() {
        position.stepSize().shrink(0.5);
        Position restored = new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(7));

        restored.restore(saved(position));

        assertThat(restored.stepSize().scale()).isEqualTo(0.5);
    }
}
