package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of a release, as a shell runs it. */
class LauncherTest {
    @TempDir
    Path folder;

    private String run(Path launcher, Path javaHome, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("JAVA_OPTS", "-Xmx1g -Da=b");
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private Path release() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("acclimate 1.0").resolve("bin"));
        return Files.copy(Path.of("src/main/release/bin/acclimate"), bin.resolve("acclimate"));
    }

    @Test
    void itFindsTheJarBehindALinkAndKeepsArgumentsWhole() throws Exception {
        Path java =
                Files.createDirectories(folder.resolve("jdk").resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\"; done\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path link = Files.createSymbolicLink(folder.resolve("link"), release());

        String said = run(link, folder.resolve("jdk"), "export", "a b.onnx");

        Path jar = folder.toRealPath().resolve("acclimate 1.0").resolve("acclimate.jar");
        assertThat(said)
                .isEqualTo(
                        "[-Dsun.misc.unsafe.memory.access=allow][-Xmx1g][-Da=b][-jar][" + jar + "][export][a b.onnx]");
    }

    @Test
    void withoutJavaItSaysWhatItNeeds() throws Exception {
        assertThat(run(release(), folder.resolve("nowhere"))).contains("needs Java 17 or newer");
    }
}
