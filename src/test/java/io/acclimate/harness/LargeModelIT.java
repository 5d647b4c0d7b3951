package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.memory.MemoryEstimate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker on all weights of a network whose weights are most of the heap, in as much heap as its start asks for, and no more. */
class LargeModelIT {
    @TempDir
    Path folder;

    @Test
    void aStartThatIsAdmittedTrainsWritesCheckpointsAndContinuesFromThem() throws Exception {
        long need = MemoryEstimate.adapt(LargeModel.network(), LargeModel.settings())
                .heapBytes();
        try (JavaProcess process = new JavaProcess(
                "large",
                folder,
                (int) ((need + (1L << 20) - 1) >> 20),
                LargeModel.class.getName(),
                List.of(folder.resolve("topic").toString()))) {
            process.start();

            // A guard against a process that hangs; how fast the machine is must not decide.
            boolean ended = process.awaitExit(Duration.ofMinutes(10));

            String log = Files.readString(process.log());
            assertThat(ended).as(log).isTrue();
            assertThat(process.exitCode()).as(log).hasValue(0);
            assertThat(log).contains("continues").doesNotContain("OutOfMemoryError");
            System.out.println((need >> 20) + " MB of heap: " + log.strip());
        }
    }
}
