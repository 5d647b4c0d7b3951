package io.acclimate.app.role;

import io.acclimate.minibatch.MiniBatchSettings;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How labels become mini-batches. */
final class MinibatchOptions {
    @Option(
            names = "--mini-batch-size",
            description = "Samples of a mini-batch (default: ${DEFAULT-VALUE}).",
            defaultValue = "32")
    int size = 32;

    @Option(
            names = "--mini-batch-bytes",
            description = "Bytes of a mini-batch at most (default: ${DEFAULT-VALUE}).",
            defaultValue = "716800")
    int bytes = 716_800;

    @Option(
            names = "--mini-batch-wait-millis",
            description = "Flush so long after the first sample, full or not (default: ${DEFAULT-VALUE}).",
            defaultValue = "2000")
    long waitMillis = 2000;

    MiniBatchSettings settings(String instance, Path stateDir) {
        return MiniBatchSettings.defaults()
                .withInstance(instance)
                .withLimits(size, bytes, Duration.ofMillis(waitMillis))
                .withStateDir(stateDir);
    }
}
