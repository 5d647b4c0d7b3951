package io.acclimate.adapt.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.acclimate.adapt.versions.Provenance;
import io.acclimate.onnx.WeightDelta;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Weights that a fixture has trained, in a file of the build: each of its seven test processes trained the same network. The file is named by a
 * digest of all that its bits may depend on: every class and resource that is tested, the fixture, the build file that says which libraries there
 * are, the JVM and the processor. So after any change they are trained again.
 */
final class TrainedOnce {
    private TrainedOnce() {}

    /** @param fixture whose code trains them */
    static WeightDelta of(Class<?> fixture, Supplier<WeightDelta> train) {
        try {
            Path tests = place(fixture);
            Path target = tests.resolveSibling("trained-for-tests");
            Path file = target.resolve(fixture.getSimpleName() + "-" + digest(fixture, tests));
            if (!Files.exists(file)) {
                Files.createDirectories(target);
                Path whole = Files.createTempFile(target, "trained", "");
                Files.write(whole, train.get().toBytes());
                // Another process may have made it meanwhile, of the same bytes.
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return WeightDelta.parse(Files.readAllBytes(file));
        } catch (IOException | URISyntaxException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Path place(Class<?> of) throws URISyntaxException {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String digest(Class<?> fixture, Path tests)
            throws IOException, URISyntaxException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        SortedMap<String, String> platform = new TreeMap<>(Provenance.platform());
        // Classes in a jar know their build, and those in a folder do not.
        platform.remove("build");
        digest.update(platform.toString().getBytes(UTF_8));
        digest.update(Files.readAllBytes(tests.resolve("../../pom.xml")));
        String name = fixture.getSimpleName();
        Path own = tests.resolve(fixture.getPackageName().replace('.', '/'));
        add(digest, own, file -> file.getFileName().toString().matches(name + "(\\$.*)?\\.class"));
        Path tested = place(WeightDelta.class);
        if (Files.isDirectory(tested)) {
            add(digest, tested.resolve("io"), file -> true);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(tested)) {
                add(digest, jar.getPath("io"), file -> true);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, Path folder, Predicate<Path> which) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(each -> Files.isRegularFile(each) && which.test(each))
                    .sorted((one, other) -> one.toString().compareTo(other.toString()))
                    .toList();
        }
        for (Path file : files) {
            digest.update(folder.relativize(file).toString().getBytes(UTF_8));
            digest.update(Files.readAllBytes(file));
        }
    }
}
