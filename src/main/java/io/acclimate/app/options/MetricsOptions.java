package io.acclimate.app.options;

import io.acclimate.telemetry.KafkaMeters;
import io.acclimate.telemetry.OtlpTarget;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.telemetry.Traces;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which meters a process publishes, where they are sent besides {@code /metrics}, and where its spans are sent. */
@Heading("Metrics and traces")
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

    @Option(
            names = "--otlp-traces-endpoint",
            paramLabel = "URL",
            description =
                    "Where spans are sent, by OTLP over HTTP, such as http://collector:4318/v1/traces: of images and labels"
                            + " whose header traceparent names a sampled trace (default: nowhere).")
    Optional<URI> otlpTracesEndpoint = Optional.empty();

    /** A registry for this process, which the caller closes. */
    public Telemetry telemetry() {
        return Telemetry.prometheus(
                kafkaMeters,
                otlpEndpoint.map(url -> new OtlpTarget(url, otlpInterval)),
                otlpTracesEndpoint.map(Traces::to).orElseGet(Traces::none));
    }
}
