package io.acclimate.infer;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** ONNX Runtime's process-wide environment. Any thread. */
final class NativeRuntime {
    /** Measured with 1.29.0 on Linux: beyond about this length, creating the environment kills the JVM without a message. */
    static final int MAX_COMMAND_LINE = 3_900;

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private NativeRuntime() {}

    static OrtEnvironment environment() {
        int length = commandLine();
        if (length > MAX_COMMAND_LINE) {
            throw new IllegalStateException("the JVM's command line has " + length
                    + " bytes, and ONNX Runtime kills the process when it has about 4096 or more: start with -jar,"
                    + " or put the class path into an argument file (java @FILE)");
        }
        return OrtEnvironment.getEnvironment();
    }

    private static int commandLine() {
        try {
            return Files.isReadable(COMMAND_LINE) ? Files.readAllBytes(COMMAND_LINE).length : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
