package io.acclimate.app.role;

import io.acclimate.app.options.Checked;
import io.acclimate.app.options.Heading;
import io.acclimate.serve.BatchSettings;
import io.acclimate.serve.Delivery;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.WithoutVersion;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.WireFormat;
import picocli.CommandLine.Option;

/** How predictions are made. */
@Heading("Serving")
final class ServeOptions implements Checked {
    private final ServeSettings defaults;

    @Option(
            names = "--workers",
            description =
                    "Threads that each poll, decode, infer and produce. Without this option one for each processor, at most "
                            + ServeSettings.MOST_WORKERS_BY_DEFAULT + " (default: ${DEFAULT-VALUE}).")
    int workers;

    @Option(
            names = "--delivery",
            description = "Exactly-once delivery of predictions, or at-least-once delivery for a lower latency:"
                    + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Delivery delivery;

    @Option(
            names = "--format",
            description = "The format of predictions: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    WireFormat format;

    @Option(
            names = "--max-poll-records",
            description = "The largest number of images in one transaction (default: ${DEFAULT-VALUE}).")
    int maxPollRecords;

    @Option(
            names = "--wait-for-version",
            description =
                    "Stay not ready, and read no image, until a version is active. Without this option the source model"
                            + " serves until then.")
    boolean waitForVersion;

    ServeOptions(ServeSettings defaults) {
        this.defaults = defaults;
        this.workers = defaults.workers();
        this.delivery = defaults.delivery();
        this.format = defaults.answers().format().format();
        this.maxPollRecords = defaults.batches().maxPollRecords();
        this.waitForVersion = defaults.withoutVersion() == WithoutVersion.WAIT;
    }

    @Override
    public void check() {
        var unused = settings("check", Encoding.JSON);
    }

    ServeSettings settings(String instance, Encoding predictions) {
        return defaults.withMembership(defaults.membership().withInstance(instance))
                .withWorkers(workers)
                .withDelivery(delivery)
                .withBatches(
                        new BatchSettings(maxPollRecords, defaults.batches().inferenceBatch()))
                .withAnswers(defaults.answers().withFormat(predictions))
                .withoutVersion(waitForVersion ? WithoutVersion.WAIT : WithoutVersion.SERVE_SOURCE);
    }
}
