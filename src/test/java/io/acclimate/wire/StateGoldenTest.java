package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.acclimate.Golden;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import io.acclimate.wire.v1.SampleRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateGoldenTest {
    private static final DomainId SITE = new DomainId("site-1");
    private final StateCodec codec = new StateCodec();

    private static final Checkpoint WHOLE = Checkpoint.newBuilder()
            .setDomain("site-1")
            .setNextMiniBatch(18)
            .setActiveVersion(4)
            .setEpoch(6)
            .setLastVersion(5)
            .setSamplesSeen(544)
            .setPaused(true)
            .setWeights(ByteString.copyFromUtf8("weights"))
            .setAverage(ByteString.copyFromUtf8("average"))
            .setOptimizer(ByteString.copyFromUtf8("optimizer"))
            .setOptimizerSteps(136)
            .setRandom(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
            .addReplay(SampleRef.newBuilder().setOffset(40).setIndex(3))
            .addReplay(SampleRef.newBuilder().setOffset(41))
            .addHoldout(SampleRef.newBuilder().setOffset(39).setIndex(1))
            .addHoldoutBest(true)
            .addActiveHistory(0)
            .addActiveHistory(3)
            .addActiveHistory(4)
            .putReplaySeen(2, 90)
            .setRejectedInRow(2)
            .setBaseDigest("ab".repeat(32))
            .build();

    private static final Progress SINCE = Progress.newBuilder()
            .setSnapshot(5)
            .addMiniBatches(44)
            .addMiniBatches(45)
            .setReached(Checkpoint.newBuilder().setDomain("site-1").setNextMiniBatch(20))
            .setFingerprint(-77)
            .build();

    @Test
    void stateThatIsOnTheTopicIsRead() {
        Map<String, byte[]> kept = Golden.bytes(StateGoldenTest.class, "adaptation-state.txt");
        StateCodec.Assembly assembly = new StateCodec.Assembly();
        kept.values().forEach(assembly::add);

        assertThat(assembly.complete())
                .as("the checkpoint of a running installation: a worker that cannot read it loses what it learnt")
                .containsExactly(new StateCodec.Restored(SITE, Optional.of(WHOLE), 5, Optional.of(SINCE), 7));
    }

    @Test
    void stateIsWrittenAsBeforeSoThatTheLastBuildCanGoOnFromIt() {
        List<byte[]> parts = new ArrayList<>();
        codec.parts(WHOLE, 5, parts::add);

        Golden.assertText(
                StateGoldenTest.class,
                "adaptation-state.txt",
                "During a rolling upgrade a worker of the last build takes over a checkpoint of this one.",
                line(codec.key(SITE, 0), parts.get(0)) + line(codec.progressKey(SITE), codec.progress(SITE, SINCE, 7)));
    }

    private static String line(byte[] key, byte[] value) {
        return new String(key, StandardCharsets.UTF_8) + " " + HexFormat.of().formatHex(value) + "\n";
    }
}
