package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime keeps an identifier and a database of what it will report in the user's cache, where it reports. */
@Tag("slow")
class NativeRuntimeTest {
    @TempDir
    Path folder;

    @Test
    void onnxRuntimeKeepsNothingToReport() throws Exception {
        assertThat(kept(Map.of())).isEmpty();
    }

    /** Without this, the test above would also pass if ONNX Runtime kept it elsewhere. */
    @Test
    void whoSetsTheVariableDecides() throws Exception {
        assertThat(kept(Map.of(NativeRuntime.VARIABLE, "0"))).isNotEmpty();
    }

    /** What a process that opens a session leaves in the home of its user. */
    private List<Path> kept(Map<String, String> variables) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path arguments = Files.writeString(
                folder.resolve("args"),
                "-Djava.awt.headless=true\n-Djava.io.tmpdir=" + folder + "\n-cp \""
                        + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + arguments,
                Main.class.getName(),
                "inspect");
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(variables);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.toString().contains("onnxruntime"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }
}
