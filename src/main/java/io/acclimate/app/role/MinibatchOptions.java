package io.acclimate.app.role;

import io.acclimate.minibatch.JoinSettings;
import io.acclimate.minibatch.LabelLimits;
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

    @Option(
            names = "--labels-per-second",
            description =
                    "Labels that a producer (domain and header source) may send; 0 = no limit (default: ${DEFAULT-VALUE}).",
            defaultValue = "200")
    double perSecond = 200;

    @Option(
            names = "--labels-burst",
            description = "Labels that a producer may send at once (default: ${DEFAULT-VALUE}).",
            defaultValue = "20000")
    int burst = 20_000;

    @Option(
            names = "--class-share",
            description = "Part of a mini-batch that one class may fill; 1 = no limit (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.75")
    double classShare = 0.75;

    @Option(
            names = "--max-domains",
            description = "Target domains that one partition takes labels for (default: ${DEFAULT-VALUE}).",
            defaultValue = "256")
    int domains = 256;

    @Option(
            names = "--join-retention-hours",
            description = "So long after its prediction an image can be labelled by its id alone, without its bytes; "
                    + "0 = never; the same for all instances (default: ${DEFAULT-VALUE}).",
            defaultValue = "24")
    int joinHours = 24;

    @Option(
            names = "--join-wait-seconds",
            description = "So long a label without bytes waits for its image's prediction (default: ${DEFAULT-VALUE}).",
            defaultValue = "60")
    int joinWaitSeconds = 60;

    MiniBatchSettings settings(String instance, Path stateDir) {
        return MiniBatchSettings.defaults()
                .withInstance(instance)
                .withLimits(size, bytes, Duration.ofMillis(waitMillis))
                .withLabelLimits(new LabelLimits(perSecond, burst, classShare, domains))
                .withJoin(JoinSettings.DEFAULT
                        .withRetention(Duration.ofHours(joinHours))
                        .withPatience(Duration.ofSeconds(joinWaitSeconds)))
                .withStateDir(stateDir);
    }
}
