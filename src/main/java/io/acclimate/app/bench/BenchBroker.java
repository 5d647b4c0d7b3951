package io.acclimate.app.bench;

import io.acclimate.broker.EmbeddedBroker;
import io.acclimate.broker.EmbeddedBrokerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the broker of a benchmark in a JVM of its own, so that its CPU time is not counted as that of the clients. */
final class BenchBroker implements AutoCloseable {
    private final Process process;
    private final Path folder;
    private final String bootstrap;

    private BenchBroker(Process process, Path folder, String bootstrap) {
        this.process = process;
        this.folder = folder;
        this.bootstrap = bootstrap;
    }

    static BenchBroker start() throws IOException {
        Path folder = Files.createTempDirectory("acclimate-bench");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(List.of(
                        java,
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchBroker.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String bootstrap = out.readLine();
        if (bootstrap == null) {
            throw new IOException("the benchmark's broker did not start");
        }
        return new BenchBroker(process, folder, bootstrap);
    }

    String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** The main method of the child process. It prints its bootstrap servers, and ends when the pipe from its parent ends. */
    public static void main(String[] args) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(Path.of(args[0]), 0))) {
            System.out.println(broker.bootstrapServers());
            System.out.flush();
            while (System.in.read() >= 0) {
                // The parent writes nothing; the end of the stream is the signal to stop.
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
