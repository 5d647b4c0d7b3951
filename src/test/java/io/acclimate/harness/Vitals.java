package io.acclimate.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds of the system, as Linux and its own metrics page tell it.
 *
 * @param residentKilobytes memory, native allocations and heap alike
 * @param files open descriptors, sockets among them
 * @param sessions ONNX Runtime sessions that hold native memory
 */
record Vitals(long residentKilobytes, int files, int threads, int sessions) {
    static Vitals of(long pid, Health page) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String status = Files.readString(process.resolve("status"));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return new Vitals(number(status, "VmRSS:"), (int) files.count(), (int) number(status, "Threads:"), (int)
                    number(page.metrics().text(), "acclimate_live_sessions "));
        }
    }

    static long number(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(value -> (long) Double.parseDouble(value))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in " + text));
    }
}
