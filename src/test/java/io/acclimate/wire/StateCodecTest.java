package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateCodecTest {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private final StateCodec codec = new StateCodec();
    private final StateCodec.Assembly assembly = new StateCodec.Assembly();

    @Test
    void roundsGoOnFromTheBeginningOrTheNewestSnapshotAndNeverFromAnother() {
        assembly.add(codec.progress(CAMERA, progress(0, 7), 1));
        StateCodec.Restored fresh = only();
        assertThat(fresh.snapshot()).isEmpty();
        assertThat(fresh.progress()).contains(progress(0, 7));
        assertThat(fresh.generation()).isEqualTo(1);

        Checkpoint large = checkpoint(2 * Pieces.BYTES);
        List<byte[]> parts = parts(large, 5);
        assertThat(parts).hasSize(3).allMatch(part -> part.length < 1_000_000);
        parts.forEach(assembly::add);
        assertThat(only().snapshot()).contains(large);
        assertThat(only().progress()).as("from before the snapshot").isEmpty();
        assertThat(only().generation()).isEqualTo(5);

        assembly.add(codec.progress(CAMERA, progress(5, 9), 6));
        assertThat(only().progress()).contains(progress(5, 9));
        assertThat(only().generation()).isEqualTo(6);

        Checkpoint small = checkpoint(10);
        parts(small, 8).forEach(assembly::add);
        assertThat(only().snapshot())
                .as("parts of the larger one are superseded")
                .contains(small);
        assertThat(only().snapshotGeneration()).isEqualTo(8);
        assertThat(only().progress()).isEmpty();
    }

    @Test
    void aSnapshotWithoutAllItsPartsIsRefusedAndNotTakenForABeginning() {
        assembly.add(parts(checkpoint(2 * Pieces.BYTES), 5).get(1));
        assertThatThrownBy(assembly::complete)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("the snapshot of camera-1 has 1 of its 3 parts");
    }

    private StateCodec.Restored only() {
        assertThat(assembly.complete()).hasSize(1);
        return assembly.complete().get(0);
    }

    private static Progress progress(long snapshot, long offset) {
        return Progress.newBuilder()
                .setSnapshot(snapshot)
                .addMiniBatches(offset)
                .build();
    }

    private static Checkpoint checkpoint(int bytes) {
        return Checkpoint.newBuilder()
                .setDomain(CAMERA.value())
                .setWeights(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    private List<byte[]> parts(Checkpoint checkpoint, long generation) {
        List<byte[]> parts = new ArrayList<>();
        codec.parts(checkpoint, generation, parts::add);
        return parts;
    }
}
