package io.acclimate.adapt.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.Activation.Cause;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineageTest {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final Lineage lineage = new Lineage(CAMERA);

    private Activation activate(long number, Cause cause) {
        return lineage.activate(number, cause, "why", TIME, 96, TIME.minusSeconds(1));
    }

    private void promote(long... numbers) {
        for (long number : numbers) {
            activate(number, Cause.PROMOTE);
        }
    }

    private Checkpoint saved() {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        lineage.save(checkpoint);
        return checkpoint.build();
    }

    @Test
    void beginsWithTheSourceModelWhichHasNoPredecessor() {
        assertThat(lineage.active()).isZero();
        assertThat(lineage.previous()).isEmpty();
        assertThat(lineage.candidate()).isEqualTo(new VersionId(CAMERA, 1));
        assertThat(lineage.earlier()).containsExactly(0L);
    }

    @Test
    void anActivationSaysAllThatHappened() {
        promote(1);

        Activation activation = activate(2, Cause.PROMOTE);

        assertThat(activation)
                .isEqualTo(new Activation(
                        new VersionId(CAMERA, 2), 2, Cause.PROMOTE, "why", TIME, 96, TIME.minusSeconds(1)));
        assertThat(lineage.active()).isEqualTo(2);
        assertThat(lineage.lastVersion()).isEqualTo(2);
    }

    @Test
    void aRollbackForgetsWhatCameAfterAndRenumbersNothing() {
        promote(1, 2, 3);

        Activation back = activate(1, Cause.ROLLBACK);

        assertThat(back.epoch()).isEqualTo(4);
        assertThat(saved().getActiveHistoryList()).containsExactly(0L, 1L);
        assertThat(lineage.previous()).hasValue(0);
        assertThat(lineage.candidate().number()).isEqualTo(4);
    }

    @Test
    void aRollbackToAVersionThatIsNotInTheHistoryLeavesItAlone() {
        promote(1, 2);

        activate(7, Cause.ROLLBACK);

        assertThat(saved().getActiveHistoryList()).containsExactly(7L);
        assertThat(lineage.previous()).isEmpty();
        assertThat(lineage.earlier()).containsExactly(0L);
        assertThat(lineage.lastVersion()).isEqualTo(7);
    }

    @Test
    void anActivationOfAnEarlierVersionIsANewPlaceInTheHistory() {
        promote(1, 2);

        activate(1, Cause.ACTIVATE);

        assertThat(saved().getActiveHistoryList()).containsExactly(0L, 1L, 2L, 1L);
        assertThat(lineage.previous()).hasValue(2);
        assertThat(lineage.earlier()).as("newest first, without the active one").containsExactly(2L, 0L);
    }

    @Test
    void keepsTheLastSixtyFourAndCanStillGoBackToTheSource() {
        for (long number = 1; number <= 63; number++) {
            promote(number);
        }
        assertThat(saved().getActiveHistoryList()).hasSize(64).startsWith(0L);

        promote(64);

        assertThat(saved().getActiveHistoryList()).hasSize(64).startsWith(1L).endsWith(64L);
        assertThat(lineage.earlier()).hasSize(64).startsWith(63L).endsWith(1L, 0L);
    }

    @Test
    void isTheSameAfterACheckpoint() {
        promote(1, 2);
        activate(1, Cause.ROLLBACK);
        Checkpoint before = saved();

        Lineage restored = Lineage.restore(CAMERA, before);

        Checkpoint.Builder after = Checkpoint.newBuilder();
        restored.save(after);
        assertThat(after.build()).isEqualTo(before);
        assertThat(before)
                .isEqualTo(Checkpoint.newBuilder()
                        .setActiveVersion(1)
                        .setEpoch(3)
                        .setLastVersion(2)
                        .addActiveHistory(0)
                        .addActiveHistory(1)
                        .build());
        assertThat(restored.candidate()).isEqualTo(new VersionId(CAMERA, 3));
    }

    @Test
    void aCheckpointWithoutAHistoryKnowsTheActiveVersion() {
        Lineage restored = Lineage.restore(
                CAMERA, Checkpoint.newBuilder().setActiveVersion(5).build());

        assertThat(restored.active()).isEqualTo(5);
        assertThat(restored.previous()).isEmpty();
    }
}
