package io.acclimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that a build for use starts beside javac. */
@Tag("slow")
class CompileProgressTest {
    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    private void write(String... files) throws Exception {
        for (String each : files) {
            Path file = folder.resolve(each);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
    }

    private BufferedReader run(String... sources) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ".mvn/CompileProgress.java",
                folder.resolve("classes").toString()));
        Arrays.stream(sources).map(each -> folder.resolve(each).toString()).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process.inputReader(StandardCharsets.UTF_8);
    }

    @Test
    void saysHowManySourceFilesHaveAClassFileAndEndsWhenAllHave() throws Exception {
        write("main/a/One.java", "main/a/package-info.java", "generated/b/Two.java", "classes/a/One.class");

        BufferedReader lines = run("main", "generated", "missing");
        assertThat(lines.readLine()).isEqualTo("compiled 1 of 2 source files");
        write("classes/b/Two.class");

        assertThat(lines.lines().toList())
                .as("one more line, if it was at that just then")
                .hasSizeLessThanOrEqualTo(1);
        assertThat(started.get(0).waitFor()).isZero();
    }

    @Test
    void saysNothingWhenThereIsNothingToWaitFor() throws Exception {
        write("main/a/One.java", "classes/a/One.class");

        assertThat(run("main").lines()).isEmpty();
    }
}
