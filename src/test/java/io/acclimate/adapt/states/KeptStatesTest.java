package io.acclimate.adapt.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.acclimate.core.DomainId;
import io.acclimate.scratch.ScratchFile;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptStatesTest {
    private static final DomainId EAST = new DomainId("east");
    private static final DomainId WEST = new DomainId("west");

    private final StateCodec codec = new StateCodec();
    private final ScratchFile file = new ScratchFile("test");
    private final KeptStates states = new KeptStates(file);

    @AfterEach
    void close() {
        states.close();
    }

    /** A snapshot of more than one part, whose bytes tell its generation. */
    private static Checkpoint snapshot(DomainId domain, long generation) {
        byte[] average = new byte[700_000];
        average[5] = (byte) generation;
        return Checkpoint.newBuilder()
                .setDomain(domain.value())
                .setAverage(ByteString.copyFrom(average))
                .build();
    }

    private List<byte[]> parts(DomainId domain, long generation) {
        List<byte[]> parts = new ArrayList<>();
        codec.parts(snapshot(domain, generation), generation, parts::add);
        assertThat(parts).hasSize(2);
        return parts;
    }

    @Test
    void theNewestSnapshotOfEachDomainIsGivenWithTheRoundsSinceThen() {
        List<byte[]> east = parts(EAST, 8);
        List<byte[]> west = parts(WEST, 1);
        Progress since = Progress.newBuilder().setSnapshot(8).addMiniBatches(17).build();

        parts(EAST, 4).forEach(states::add);
        states.add(codec.progress(EAST, Progress.newBuilder().setSnapshot(4).build(), 5));
        states.add(east.get(0));
        states.add(west.get(0));
        states.add(east.get(1));
        states.add(west.get(1));
        states.add(codec.progress(EAST, since, 9));

        assertThat(states.domains()).containsExactly(EAST, WEST);
        StateCodec.Restored restored = states.of(EAST);
        assertThat(restored.snapshot()).hasValue(snapshot(EAST, 8));
        assertThat(restored.snapshotGeneration()).isEqualTo(8);
        assertThat(restored.progress()).hasValue(since);
        assertThat(restored.generation()).isEqualTo(9);
        assertThat(states.of(WEST).snapshot()).hasValue(snapshot(WEST, 1));
        assertThat(states.of(EAST)).as("asked again").isEqualTo(restored);
        long counted = Stream.concat(east.stream(), west.stream())
                .mapToLong(each -> each.length)
                .sum();
        assertThat(file.used()).as("of what counts").isEqualTo(counted);
    }

    @Test
    void aDomainBeforeItsFirstSnapshotHasItsRounds() {
        Progress since = Progress.newBuilder().addMiniBatches(3).build();
        states.add(codec.progress(EAST, since, 1));

        assertThat(states.of(EAST).snapshot()).isEmpty();
        assertThat(states.of(EAST).progress()).hasValue(since);
    }

    @Test
    void aSnapshotOfWhichPartsAreMissingIsNamed() {
        states.add(parts(EAST, 8).get(1));

        assertThatThrownBy(() -> states.of(EAST))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("the snapshot of east has 1 of its 2 parts");
    }

    @Test
    void partsStayInMemoryWhenTheFileCannotBeWritten() {
        try (KeptStates inMemory = new KeptStates(new ScratchFile("test", new File("/no/such/folder")))) {
            parts(EAST, 4).forEach(inMemory::add);
            parts(EAST, 8).forEach(inMemory::add);

            assertThat(inMemory.of(EAST).snapshot()).hasValue(snapshot(EAST, 8));
        }
    }

    @Test
    void aRecordThatIsNoPartOfAStateIsNamed() {
        assertThatThrownBy(() -> states.add(new byte[] {1, 2, 3}))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a part of a checkpoint");
    }
}
