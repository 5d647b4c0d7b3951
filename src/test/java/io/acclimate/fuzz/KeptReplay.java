package io.acclimate.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gives each file of a folder to a target, in a process of its own: its exit code, the last name that it printed and the peak of its
 * memory are the answer. Without Jazzer, whose own hooks and allocations would count.
 */
public final class KeptReplay {
    static final String END = "all kept inputs were tried, peak MB ";

    private KeptReplay() {}

    public static void main(String[] arguments) throws IOException {
        Consumer<byte[]> target =
                switch (arguments[0]) {
                    case "Sessions" -> FuzzTargets.Sessions::fuzzerTestOneInput;
                    case "Kernels" -> FuzzTargets.Kernels::fuzzerTestOneInput;
                    default -> throw new IllegalArgumentException("no target " + arguments[0]);
                };
        try (Stream<Path> kept = Files.list(Path.of(arguments[1]))) {
            for (Path file : kept.sorted().toList()) {
                System.out.println(file.getFileName());
                target.accept(Files.readAllBytes(file));
            }
        }
        System.out.println(END + peakMegabytes());
    }

    /** 0 where the system does not say. */
    private static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                / 1024;
    }
}
