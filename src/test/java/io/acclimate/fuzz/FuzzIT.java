package io.acclimate.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jazzer on each reader for a bounded time, in a JVM of its own: a native fault, a hang or 2.5 GB of memory is then a finding and
 * not the end of the build. Inputs that found something stand under {@code src/test/resources/io/acclimate/fuzz} and are tried
 * first. Longer, from another seed: {@code -Dacclimate.fuzz.seconds=600 -Dacclimate.fuzz.seed=7}.
 *
 * <p>What chance finds in old code is no verdict on a change. With {@code -Dacclimate.fuzz.verdict=false}, as in {@code .ci/run}, it is
 * printed and fails nothing. What was ever found and kept does: KeptCorpusTest (readers) and KeptSessionsIT (sessions and kernels).
 */
@Tag("fuzz")
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("acclimate.fuzz.seconds", 6);
    private static final int SEED = Integer.getInteger("acclimate.fuzz.seed", 1);
    private static final boolean VERDICT = !"false".equals(System.getProperty("acclimate.fuzz.verdict"));

    @ParameterizedTest
    @ValueSource(
            classes = {
                FuzzTargets.Images.class,
                FuzzTargets.Records.class,
                FuzzTargets.Codecs.class,
                FuzzTargets.Cards.class,
                FuzzTargets.Models.class,
                FuzzTargets.Sessions.class,
                FuzzTargets.Kernels.class
            })
    void endsWithTheReadersOwnRefusalWhateverComes(Class<?> target) throws Exception {
        Path home = Path.of("target", "fuzz", target.getSimpleName()).toAbsolutePath();
        Files.createDirectories(home.resolve("found"));
        Path seeds = Files.createDirectories(home.resolve("seeds"));
        int number = 0;
        for (byte[] seed : Seeds.of(target)) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
        // An argument file: a long command line is more than ONNX Runtime bears.
        Files.writeString(
                home.resolve("java.args"),
                "-Xmx768m -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -cp \""
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        + "\"");
        Path log = home.resolve("log.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@java.args",
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.getName(),
                        "--instrumentation_includes=io.acclimate.core.**:io.acclimate.image.**:io.acclimate.onnx.**"
                                + ":io.acclimate.infer.**:io.acclimate.wire.*",
                        "-max_total_time=" + SECONDS,
                        "-seed=" + SEED,
                        "-timeout=60",
                        "-rss_limit_mb=2500",
                        "-len_control=0",
                        "found",
                        "seeds",
                        kept(target).map(Path::toString).orElse("seeds"))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS + 180L, TimeUnit.SECONDS);
            if (!VERDICT && ended && process.exitValue() != 0) {
                System.out.println("Jazzer found something in " + target.getSimpleName() + ": " + end(log));
                return;
            }
            assertThat(ended).as("%s ended in time", target.getSimpleName()).isTrue();
            assertThat(process.exitValue()).as(() -> end(log)).isZero();
            assertThat(Files.readString(log)).contains("DONE ");
        } finally {
            process.destroyForcibly();
        }
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
