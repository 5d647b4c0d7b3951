package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** 128 and the number of SIGKILL. */
    private static final int KILLED = 137;

    @TempDir
    Path folder;

    /** The storm tells by it whether a role had begun in this life. */
    @Test
    void whatAProcessSaidIsToldFromWhatEarlierOnesOfItsNameSaid() throws Exception {
        Files.writeString(folder.resolve("short.log"), "said before\n");
        try (JavaProcess process = new JavaProcess("short", folder, 64, Leash.class.getName(), List.of())) {
            process.start();

            assertThat(process.awaitExit(LIMIT)).isTrue();
            assertThat(process.said("said before")).isFalse();
            assertThat(process.said("ArrayIndexOutOfBoundsException")).isTrue();
        }
    }

    @Test
    void aSecondSignalEndsTheProcessWithoutTheDestructorsOfNativeLibraries() throws Exception {
        try (JavaProcess process = new JavaProcess("unstoppable", folder, 64, Unstoppable.class.getName(), List.of())) {
            process.start();
            await().atMost(LIMIT).until(() -> Files.readString(process.log()).contains("started"));
            process.terminate();
            await().atMost(LIMIT).until(() -> Files.readString(process.log()).contains("asked"));
            assertThat(process.alive()).isTrue();

            process.terminate();

            assertThat(process.awaitExit(LIMIT)).isTrue();
            assertThat(process.exitCode()).hasValue(KILLED);
        }
    }
}
