package io.acclimate.train.kernels;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the widest vector instructions that oneDNN, which computes PyTorch's convolutions, may use. oneDNN 3.7.1 (PyTorch 2.7.1) plans
 * its convolutions for AVX2 and AVX-512 by the sizes of the processor's caches. In a virtual machine whose processor does not tell them
 * (an AMD EPYC of family 26 under Firecracker), gradients, and some outputs, were wrong without an error, while those for AVX were right.
 */
public final class KernelChoice {
    /** oneDNN reads it once, when it is first used: https://uxlfoundation.github.io/oneDNN/dev_guide_cpu_dispatcher_control.html. */
    public static final String VARIABLE = "ONEDNN_MAX_CPU_ISA";

    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    private static final String OLD_VARIABLE = "DNNL_MAX_CPU_ISA";
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache/index0");

    private KernelChoice() {}

    /** The part of the C library that changes what native code sees as its environment, which Java cannot. */
    interface Environment extends Library {
        int setenv(String name, String value, int overwrite);
    }

    /** To be called before the engine is loaded. Sets {@link #VARIABLE} where the user has not and the caches are not known. */
    public static void apply() {
        Optional<String> bound =
                bound(System.getProperty("os.name", ""), System.getProperty("os.arch", ""), System.getenv(), CACHES);
        if (bound.isEmpty()) {
            return;
        }
        try {
            int failed = Native.load("c", Environment.class).setenv(VARIABLE, bound.get(), 1);
            LOG.info(
                    "This processor does not tell the sizes of its caches, so training uses {} instructions at most ({}={}, {})",
                    bound.get(),
                    VARIABLE,
                    bound.get(),
                    failed == 0 ? "set" : "could not be set");
        } catch (UnsatisfiedLinkError e) {
            LOG.warn("{} could not be set to {}: {}", VARIABLE, bound.get(), e.getMessage());
        }
    }

    /** What {@link #VARIABLE} has to be; empty where it may stay as it is. */
    static Optional<String> bound(String system, String processor, Map<String, String> environment, Path caches) {
        boolean chosen = environment.containsKey(VARIABLE) || environment.containsKey(OLD_VARIABLE);
        boolean concerned = system.toLowerCase(Locale.ROOT).contains("linux")
                && (processor.equals("amd64") || processor.equals("x86_64"));
        return chosen || !concerned || Files.exists(caches) ? Optional.empty() : Optional.of("AVX");
    }
}
