package io.acclimate.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A JVM of the operating system that runs one main class of this class path, again and again. Its output is appended to a log. */
final class JavaProcess implements AutoCloseable {
    private final String name;
    private final Path log;
    private final List<String> command;
    /** The process that was started last. Guarded by this. */
    private Optional<Process> process = Optional.empty();
    /** Where the output of that process begins in the log. Guarded by this. */
    private long logged;

    JavaProcess(String name, Path log, int heapMegabytes, String mainClass, List<String> arguments) throws IOException {
        // The processes start often and live short.
        this(
                name,
                log,
                List.of("-Xmx" + heapMegabytes + "m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                mainClass,
                arguments);
    }

    /** @param log folder of log and argument file: ONNX Runtime bears no long command line */
    JavaProcess(String name, Path log, List<String> jvm, String mainClass, List<String> arguments) throws IOException {
        this.name = name;
        this.log = log.resolve(name + ".log");
        Path options = log.resolve(name + ".args");
        Files.writeString(
                options,
                String.join(
                        "\n",
                        String.join("\n", jvm),
                        "-Dai.djl.offline=true",
                        "-cp",
                        '"' + System.getProperty("java.class.path").replace("\\", "\\\\") + '"'));
        command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + options,
                Leash.class.getName(),
                mainClass));
        command.addAll(arguments);
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    synchronized void start() {
        if (alive()) {
            throw new IllegalStateException(name + " runs already");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        try {
            logged = Files.exists(log) ? Files.size(log) : 0;
            process = Optional.of(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the process that was started last. */
    synchronized long pid() {
        return process.orElseThrow(() -> new IllegalStateException(name + " was never started"))
                .pid();
    }

    synchronized boolean alive() {
        return process.map(Process::isAlive).orElse(false);
    }

    /** The exit code of the last process, if it has ended. */
    synchronized OptionalInt exitCode() {
        return process.isPresent() && !process.get().isAlive()
                ? OptionalInt.of(process.get().exitValue())
                : OptionalInt.empty();
    }

    /** True when the process that was started last has written {@code text}. */
    synchronized boolean said(String text) {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(logged, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time that the last process has used so far. */
    synchronized Duration cpu() {
        return process.flatMap(each -> each.info().totalCpuDuration()).orElse(Duration.ZERO);
    }

    /** SIGKILL. Returns when the process is gone. */
    synchronized void kill() {
        process.ifPresent(each -> each.destroyForcibly().onExit().join());
    }

    /** SIGTERM. */
    synchronized void terminate() {
        // Process.destroy would close the pipe whose end tells the child to halt.
        process.ifPresent(each -> each.toHandle().destroy());
    }

    synchronized boolean awaitExit(Duration limit) throws InterruptedException {
        return process.isEmpty() || process.get().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** SIGSTOP. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private synchronized void signal(String signal) {
        if (!alive()) {
            throw new IllegalStateException(name + " is not alive and takes no SIG" + signal);
        }
        try {
            int code = new ProcessBuilder(
                            "kill",
                            "-" + signal,
                            Long.toString(process.orElseThrow().pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + signal + " of " + name + " gave " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
