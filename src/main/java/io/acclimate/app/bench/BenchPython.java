package io.acclimate.app.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Runs PyTorch in Python, in a process of its own, if a {@code python3} of this machine has it. */
final class BenchPython {
    /** The first is the one on the path, often a user's own; packages of the system are installed for the second. */
    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

    private BenchPython() {}

    record Result(String version, BenchCost cost) {}

    /** The cost of {@code steps} steps; empty when this machine has no PyTorch for Python. */
    static Optional<Result> steps(BenchNetwork network, int steps, int rows) throws IOException {
        Optional<String> python = INTERPRETERS.stream()
                .filter(each -> run(List.of(each, "-c", "import torch")).isPresent())
                .findFirst();
        if (python.isEmpty()) {
            return Optional.empty();
        }
        Path script = Files.createTempFile("acclimate-bench", ".py");
        try (InputStream in = Objects.requireNonNull(BenchPython.class.getResourceAsStream("train.py"))) {
            Files.write(script, in.readAllBytes());
            String line = run(List.of(
                            python.get(),
                            script.toString(),
                            network.name(),
                            Integer.toString(steps),
                            Integer.toString(rows),
                            "1"))
                    .orElseThrow(() -> new IOException("PyTorch in Python failed on " + script));
            String[] words = line.strip().split(" ", -1);
            return Optional.of(new Result(
                    words[0], new BenchCost(Double.parseDouble(words[1]), Double.parseDouble(words[2]) * rows)));
        } finally {
            Files.deleteIfExists(script);
        }
    }

    /** Returns the standard output of the command, or nothing when it cannot be started or fails. */
    private static Optional<String> run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(out) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
