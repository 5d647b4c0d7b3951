package io.acclimate.app.doctor;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.serve.ServeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings about the Java runtime, memory and disk of this machine. */
final class MachineFindings {
    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST_HEAP = 256 * MEGABYTE;
    private static final long LEAST_DISK = 1024 * MEGABYTE;

    private MachineFindings() {}

    /**
     * Looks at the machine.
     *
     * @param folder where {@code up} and {@code minibatch} would keep their data; it need not exist
     */
    static List<Finding> of(Path folder) {
        List<Finding> all = new ArrayList<>();
        Runtime runtime = Runtime.getRuntime();
        all.add(Finding.ok(
                "java",
                Runtime.version() + ", " + runtime.availableProcessors() + " processors, "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch")));
        all.add(Finding.ok("threads", threads(RoleSettings.defaults().serve(), System.getenv("OMP_WAIT_POLICY"))));
        String heap = "the heap may grow to " + runtime.maxMemory() / MEGABYTE + " MB";
        all.add(
                runtime.maxMemory() >= LEAST_HEAP
                        ? Finding.ok("memory", heap)
                        : Finding.warn("memory", heap, "Give the process more with -Xmx, 750m for a small model."));
        all.add(disk("disk", existing(folder.toAbsolutePath())));
        all.add(disk("scratch", Path.of(System.getProperty("java.io.tmpdir"))));
        return all;
    }

    private static String threads(ServeSettings serve, @Nullable String policy) {
        return "serve has " + serve.workers() + " workers, --workers sets it; PyTorch has one thread a core, which "
                + ("passive".equalsIgnoreCase(policy)
                        ? "sleep while they wait"
                        : "spin for a while when they wait, unless OMP_WAIT_POLICY=passive is set");
    }

    private static Path existing(Path folder) {
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static Finding disk(String subject, Path folder) {
        try {
            if (!Files.isWritable(folder)) {
                return Finding.fail(
                        subject, folder + " cannot be written to", "Give this user the right to write there.");
            }
            long free = Files.getFileStore(folder).getUsableSpace();
            String text = folder + " has " + free / MEGABYTE + " MB free";
            return free >= LEAST_DISK
                    ? Finding.ok(subject, text)
                    : Finding.warn(subject, text, "Free some, or name another folder.");
        } catch (IOException e) {
            return Finding.fail(subject, folder + ": " + e.getMessage(), "Name a folder that can be written to.");
        }
    }
}
