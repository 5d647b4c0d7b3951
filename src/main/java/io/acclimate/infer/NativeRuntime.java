package io.acclimate.infer;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's process-wide environment. Any thread.
 *
 * <p>ONNX Runtime 1.29 and later report models, sessions and an identifier of the machine to their maker over HTTPS unless they are told
 * not to, and in small container images 1.29.0 ends the JVM when it begins to
 * (<a href="https://github.com/microsoft/onnxruntime/issues/32173">#32173</a>). It is told not to before its environment exists, by the
 * variable that it reads then; the call that Java has for it comes too late for both, and is for Windows. Who sets the variable decides.
 */
public final class NativeRuntime {
    /** Measured with 1.29.0 on Linux: beyond about this length, its reports kill the JVM without a message when they begin. */
    static final int MAX_COMMAND_LINE = 3_900;

    /** Nothing is collected, kept or sent when it is 1. */
    static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private static final Logger LOG = LoggerFactory.getLogger(NativeRuntime.class);
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private NativeRuntime() {}

    /** The part of the C library that changes what native code sees as its environment, which Java cannot. */
    interface Environment extends Library {
        int setenv(String name, String value, int overwrite);
    }

    /** Sets the variable once, when the first session is opened. */
    private static final class Silence {
        private static final boolean CHOSEN = System.getenv(VARIABLE) != null;

        static {
            if (!CHOSEN && !Platform.isWindows()) {
                try {
                    Native.load("c", Environment.class).setenv(VARIABLE, "1", 0);
                } catch (UnsatisfiedLinkError e) {
                    LOG.warn(
                            "{}=1 could not be set, and ONNX Runtime reports to its maker; set it yourself: {}",
                            VARIABLE,
                            e.getMessage());
                }
            }
        }
    }

    /** Read once: it does not change, and each session that is opened asks for the environment. */
    private static final class CommandLine {
        static final int LENGTH = commandLine();
    }

    public static OrtEnvironment environment() {
        int length = CommandLine.LENGTH;
        if (length > MAX_COMMAND_LINE
                && !System.getenv().getOrDefault(VARIABLE, "1").equals("1")) {
            throw new IllegalStateException("the JVM's command line has " + length
                    + " bytes, and ONNX Runtime kills the process when it has about 4096 or more and " + VARIABLE
                    + " is not 1: start with -jar, or put the class path into an argument file (java @FILE)");
        }
        boolean chosen = Silence.CHOSEN;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try {
            if (!chosen && Platform.isWindows()) {
                environment.setTelemetry(false);
            }
        } catch (OrtException e) {
            LOG.warn("ONNX Runtime's reports to its maker could not be turned off: {}", e.getMessage());
        }
        return environment;
    }

    private static int commandLine() {
        try {
            return Files.isReadable(COMMAND_LINE) ? Files.readAllBytes(COMMAND_LINE).length : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
