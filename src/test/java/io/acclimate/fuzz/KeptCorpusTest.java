package io.acclimate.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs that once found something, and some damage to good ones, on each reader: what the fuzzer does for longer. */
@Tag("slow")
class KeptCorpusTest {
    private static final int DAMAGED = 300;

    static Stream<Arguments> readers() {
        return Stream.of(
                reader(FuzzTargets.Images.class, FuzzTargets.Images::fuzzerTestOneInput),
                reader(FuzzTargets.Records.class, FuzzTargets.Records::fuzzerTestOneInput),
                reader(FuzzTargets.Codecs.class, FuzzTargets.Codecs::fuzzerTestOneInput),
                reader(FuzzTargets.Cards.class, FuzzTargets.Cards::fuzzerTestOneInput),
                reader(FuzzTargets.Models.class, FuzzTargets.Models::fuzzerTestOneInput));
    }

    private static Arguments reader(Class<?> target, Consumer<byte[]> reader) {
        return Arguments.of(target, reader);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    void endsWithTheReadersOwnRefusal(Class<?> target, Consumer<byte[]> reader) throws Exception {
        List<byte[]> inputs = new ArrayList<>(Seeds.of(target));
        Random random = new Random(1);
        int good = inputs.size();
        for (int i = 0; i < DAMAGED; i++) {
            byte[] damaged = inputs.get(i % good).clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            inputs.add(damaged);
        }
        Optional<Path> kept = FuzzIT.kept(target);
        if (kept.isPresent()) {
            try (Stream<Path> files = Files.list(kept.get())) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        for (byte[] input : inputs) {
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> reader.accept(input));
        }
    }
}
