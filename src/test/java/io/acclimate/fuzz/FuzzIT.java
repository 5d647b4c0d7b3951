package io.acclimate.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jazzer on the readers for a bounded time, in a JVM of its own: a native fault, a hang or 2.5 GB of memory is then a finding and
 * not the end of the build. Inputs that found something stand under {@code src/test/resources/io/acclimate/fuzz} and are tried
 * first. One reader alone, longer, from another seed: {@code -Dacclimate.fuzz.reader=Models -Dacclimate.fuzz.seconds=600
 * -Dacclimate.fuzz.seed=7}.
 *
 * <p>What chance finds in old code is no verdict on a change. With {@code -Dacclimate.fuzz.verdict=false}, as in {@code .ci/run}, it is
 * printed and fails nothing. What was ever found and kept does: KeptCorpusTest (readers) and KeptSessionsIT (sessions and kernels).
 */
@Tag("fuzz")
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("acclimate.fuzz.seconds", 42);
    private static final int SEED = Integer.getInteger("acclimate.fuzz.seed", 1);
    private static final boolean VERDICT = !"false".equals(System.getProperty("acclimate.fuzz.verdict"));
    private static final Optional<String> READER = Optional.ofNullable(System.getProperty("acclimate.fuzz.reader"));

    @Test
    void endsWithTheReadersOwnRefusalWhateverComes() throws Exception {
        List<Class<?>> readers = FuzzTargets.READERS.stream()
                .filter(each -> READER.isEmpty() || READER.get().equals(each.getSimpleName()))
                .toList();
        assertThat(readers).as("readers of the name %s", READER).isNotEmpty();
        Path home = Path.of("target", "fuzz", READER.orElse("All")).toAbsolutePath();
        Files.createDirectories(home.resolve("found"));
        Path seeds = Files.createDirectories(home.resolve("seeds"));
        for (Class<?> reader : readers) {
            int number = 0;
            for (byte[] input : inputs(reader)) {
                Files.write(
                        seeds.resolve(reader.getSimpleName() + "-" + number++), FuzzTargets.All.input(reader, input));
            }
        }
        // An argument file: a long command line is more than ONNX Runtime bears.
        Files.writeString(
                home.resolve("java.args"),
                "-Xmx768m -XX:TieredStopAtLevel=1 -Djava.awt.headless=true "
                        + (READER.isEmpty()
                                ? ""
                                : "-D" + FuzzTargets.All.ALONE + "=" + FuzzTargets.READERS.indexOf(readers.get(0))
                                        + " ")
                        + "-cp \""
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        + "\"");
        Path log = home.resolve("log.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@java.args",
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzTargets.All.class.getName(),
                        "--instrumentation_includes=io.acclimate.core.**:io.acclimate.image.**:io.acclimate.onnx.**"
                                + ":io.acclimate.infer.**:io.acclimate.wire.*",
                        "-max_total_time=" + SECONDS,
                        "-seed=" + SEED,
                        "-timeout=60",
                        "-rss_limit_mb=2500",
                        "-len_control=0",
                        "found",
                        "seeds")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS + 180L, TimeUnit.SECONDS);
            if (!VERDICT && ended && process.exitValue() != 0) {
                System.out.println("Jazzer found something: " + end(log));
                return;
            }
            assertThat(ended).as("Jazzer ended in time").isTrue();
            assertThat(process.exitValue()).as(() -> end(log)).isZero();
            assertThat(Files.readString(log)).contains("DONE ");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Good input of a reader, and what was ever found in it. */
    private static List<byte[]> inputs(Class<?> reader) throws IOException, URISyntaxException {
        List<byte[]> inputs = new ArrayList<>(Seeds.of(reader));
        Optional<Path> kept = kept(reader);
        if (kept.isPresent()) {
            try (Stream<Path> files = Files.list(kept.get())) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        return inputs;
    }

    static Optional<Path> kept(Class<?> target) throws URISyntaxException {
        URL folder = FuzzIT.class.getResource(target.getSimpleName());
        return folder == null ? Optional.empty() : Optional.of(Path.of(folder.toURI()));
    }

    private static String end(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return log + ":\n" + String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
        } catch (IOException e) {
            return log + " cannot be read: " + e;
        }
    }
}
