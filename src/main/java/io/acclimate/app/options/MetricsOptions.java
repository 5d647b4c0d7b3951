package io.acclimate.app.options;

import io.acclimate.telemetry.KafkaMeters;
import io.acclimate.telemetry.OtlpTarget;
import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which meters a process publishes, and where they are sent besides {@code /metrics}. */
@Heading("Metrics")
public final class MetricsOptions {
    @Option(
            names = "--kafka-metrics",
            description =
                    "Which meters of Kafka's clients are published: ${COMPLETION-CANDIDATES}. LAG says how far behind the reader of each"
                            + " partition is, which is what dashboards and alerts use; ALL adds thousands (default: ${DEFAULT-VALUE}).")
    KafkaMeters kafkaMeters = KafkaMeters.LAG;

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description =
                    "Where metrics are also sent, by OTLP over HTTP, such as http://collector:4318/v1/metrics (default: nowhere).")
    Optional<URI> otlpEndpoint = Optional.empty();

    @Option(
            names = "--otlp-interval",
            paramLabel = "DURATION",
            converter = DurationText.class,
            description = "The time between two exports to --otlp-endpoint (default: ${DEFAULT-VALUE}).")
    Duration otlpInterval = Duration.ofSeconds(60);

    /** A registry for this process, which the caller closes. */
    public Telemetry telemetry() {
        return Telemetry.prometheus(kafkaMeters, otlpEndpoint.map(url -> new OtlpTarget(url, otlpInterval)));
    }
}
