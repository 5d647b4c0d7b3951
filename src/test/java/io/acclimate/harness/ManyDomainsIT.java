package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many domains of large images, whose samples as floats are several times the heap. */
class ManyDomainsIT {
    @TempDir
    Path folder;

    @Test
    void learnsFromMoreDomainsThanTheHeapHoldsAndRestoresThem() throws Exception {
        learnsAndRestores(300, 24, 64);
    }

    @Tag("harness-long")
    @ParameterizedTest
    @CsvSource({"375, 4, 450", "300, 40, 64"})
    void learnsFromManyMoreDomainsAndRestoresThem(int megabytes, int domains, int labels) throws Exception {
        learnsAndRestores(megabytes, domains, labels);
    }

    private void learnsAndRestores(int megabytes, int domains, int labels) throws Exception {
        try (JavaProcess process = new JavaProcess(
                "domains",
                folder,
                megabytes,
                ManyDomains.class.getName(),
                List.of(Integer.toString(domains), Integer.toString(labels)))) {
            process.start();

            // A guard against a process that hangs; how fast the machine is must not decide.
            boolean ended = process.awaitExit(Duration.ofMinutes(20));

            String log = Files.readString(process.log());
            assertThat(ended).as(log).isTrue();
            assertThat(process.exitCode()).as(log).hasValue(0);
            assertThat(log).doesNotContain("OutOfMemoryError").contains("peak heap");
            System.out.println(domains + " domains of " + labels + " labels in " + megabytes + " MB: " + log.strip());
        }
    }
}
