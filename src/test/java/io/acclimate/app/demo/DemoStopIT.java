package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo of its own that is told to stop in the middle of its stream. */
class DemoStopIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** What the process allows itself, and a little for its end. */
    private static final Duration GRACE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    @Test
    void aStopInTheMiddleOfTheStreamClosesAllInOrderAndLeavesNoFilesBehind() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path log = folder.resolve("log");
        Process demo = start(temporary, log);
        try {
            await().atMost(LIMIT).until(() -> Files.readString(log).contains("of 8,000 images"));

            demo.destroy();

            assertThat(demo.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            demo.destroyForcibly();
        }
        assertThat(demo.exitValue()).as(Files.readString(log)).isEqualTo(1);
        assertThat(log).content().contains("stopped before the end").doesNotContain("points)");
        String text = Files.readString(log);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(each -> String.valueOf(each.getFileName())))
                    // The file of Kafka's warnings is there for its reader, and the log names it.
                    .noneMatch(name -> name.startsWith("acclimate") && !(name.endsWith(".log") && text.contains(name)));
        }
    }

    /** ONNX Runtime ends a JVM whose command line is long, so the class path is in a file. */
    private Process start(Path temporary, Path log) throws IOException {
        Path arguments = Files.writeString(
                folder.resolve("demo.args"),
                "-Djava.awt.headless=true\n-Djava.io.tmpdir=" + temporary + "\n-cp \""
                        + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + arguments,
                        Main.class.getName(),
                        "demo",
                        "--http-port=none",
                        "--kafka-port=0"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
