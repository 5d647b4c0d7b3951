package io.acclimate.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The inputs that once brought ONNX Runtime down, each tried again: what the test of the readers' corpus does, in another JVM, since
 * a native fault ends the one it happens in. New inputs are {@link FuzzIT}'s.
 */
class KeptSessionsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** As the fuzzer's limit. */
    private static final long MAX_MEGABYTES = 2_500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(classes = {FuzzTargets.Sessions.class, FuzzTargets.Kernels.class})
    void whatOnceKilledOnnxRuntimeIsRefusedOrRuns(Class<?> target) throws Exception {
        Path kept = FuzzIT.kept(target).orElseThrow();
        Path log = folder.resolve("log.txt");
        // An argument file: a long command line is more than ONNX Runtime bears.
        Files.writeString(
                folder.resolve("java.args"),
                "-Xmx768m -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -cp \""
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        + "\"");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@java.args",
                        KeptReplay.class.getName(),
                        target.getSimpleName(),
                        kept.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(log);
            assertThat(ended).as("ended in time: %s", lines).isTrue();
            assertThat(process.exitValue()).as("%s", lines).isZero();
            String last = lines.get(lines.size() - 1);
            assertThat(last).startsWith(KeptReplay.END);
            assertThat(Long.parseLong(last.substring(KeptReplay.END.length()))).isLessThan(MAX_MEGABYTES);
        } finally {
            process.destroyForcibly();
        }
    }
}
