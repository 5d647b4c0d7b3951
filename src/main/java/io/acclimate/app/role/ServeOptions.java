package io.acclimate.app.role;

import io.acclimate.serve.Delivery;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.WithoutVersion;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.WireFormat;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How predictions are made. */
final class ServeOptions {
    @Option(names = "--workers", description = "Threads that poll, decode, infer and produce (default: up to 2).")
    Optional<Integer> workers = Optional.empty();

    @Option(
            names = "--delivery",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "EXACTLY_ONCE")
    Delivery delivery = Delivery.EXACTLY_ONCE;

    @Option(
            names = "--format",
            description = "Predictions as ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "JSON")
    WireFormat format = WireFormat.JSON;

    @Option(
            names = "--max-poll-records",
            description = "Images of one transaction at most (default: ${DEFAULT-VALUE}).",
            defaultValue = "1024")
    int maxPollRecords = 1024;

    @Option(
            names = "--wait-for-version",
            description =
                    "Stay not ready, and read no image, until a version is active; without it the source model serves.")
    boolean waitForVersion;

    ServeSettings settings(String instance, Encoding encoding) {
        ServeSettings settings = ServeSettings.defaults()
                .withInstance(instance)
                .withDelivery(delivery)
                .withFormat(encoding)
                .withoutVersion(waitForVersion ? WithoutVersion.WAIT : WithoutVersion.SERVE_SOURCE)
                .withMaxPollRecords(maxPollRecords);
        return workers.isPresent() ? settings.withWorkers(workers.get()) : settings;
    }
}
