package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final Checkpoint WHOLE =
            Checkpoint.newBuilder().setDomain("camera-1").build();

    private static final Progress PROGRESS = Progress.newBuilder()
            .setSnapshot(4)
            .addMiniBatches(20)
            .addMiniBatches(21)
            .setReached(WHOLE)
            .build();

    private final Journal journal = new Journal(3);

    @Test
    void aSnapshotIsDueAfterSoManyRounds() {
        journal.learnt(10, Effort.FULL);
        journal.learnt(11, Effort.FULL);
        assertThat(journal.isDue()).isFalse();

        journal.learnt(12, Effort.FULL);

        assertThat(journal.isDue()).isTrue();
    }

    @Test
    void aSnapshotEndsTheRoundsThatARestartRepeats() {
        journal.learnt(10, Effort.FULL);
        assertThat(journal.isBehind()).isTrue();

        Round.Saved.Snapshot snapshot = journal.snapshot(WHOLE);

        assertThat(snapshot).isEqualTo(new Round.Saved.Snapshot(WHOLE, 1));
        assertThat(journal.isBehind()).isFalse();
        assertThat(journal.isDue()).isFalse();
    }

    @Test
    void inBetweenItNamesTheSnapshotTheMiniBatchesSinceAndTheStateReached() {
        journal.learnt(10, Effort.FULL);
        journal.snapshot(WHOLE);
        journal.learnt(11, Effort.FULL);
        journal.learnt(14, Effort.FULL);

        Round.Saved.Since since = journal.since(WHOLE, 99);

        assertThat(since.generation()).isEqualTo(3).isEqualTo(journal.generation());
        assertThat(since.progress())
                .isEqualTo(Progress.newBuilder()
                        .setSnapshot(1)
                        .addMiniBatches(11)
                        .addMiniBatches(14)
                        .setReached(WHOLE)
                        .setFingerprint(99)
                        .build());
    }

    @Test
    void aRoundThatChangedNothingCountsButIsNotRepeated() {
        journal.unchanged();

        assertThat(journal.generation()).isEqualTo(1);
        assertThat(journal.isBehind()).isFalse();
    }

    @Test
    void aDemandedSnapshotIsDueOnce() {
        journal.demand();
        assertThat(journal.isDue()).isTrue();

        journal.snapshot(WHOLE);

        assertThat(journal.isDue()).isFalse();
    }

    @Test
    void aRestoreReplacesWhatWasSince() {
        journal.learnt(10, Effort.FULL);

        journal.restore(PROGRESS, 6);

        assertThat(journal.generation()).isEqualTo(6);
        assertThat(journal.isBehind()).isTrue();
        assertThat(journal.since(WHOLE, 0).progress()).isEqualTo(PROGRESS);
    }

    @Test
    void theEffortOfEachRoundIsKeptWhenOneWasHalved() {
        journal.restore(PROGRESS, 6);

        journal.learnt(22, new Effort(2));

        Progress progress = journal.since(WHOLE, 0).progress();
        assertThat(progress.getHalvingsList()).containsExactly(0, 0, 2);
        assertThat(List.of(Journal.effort(progress, 0), Journal.effort(progress, 2)))
                .containsExactly(Effort.FULL, new Effort(2));
        assertThat(Journal.effort(PROGRESS, 1)).isEqualTo(Effort.FULL);
    }
}
