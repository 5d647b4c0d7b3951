package io.acclimate.telemetry;

import java.time.Duration;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;

/** Finds out from a consumer's own meters whether it has a broker. While all brokers are down, a consumer waits without an error. */
public final class Connections {
    /** What a role without a connection waits for. */
    public static final String MISSING = "a Kafka broker: no connection is open";

    private Connections() {}

    /** Whether a connection is open, by the meters of a consumer or of a Kafka Streams instance. Any thread may call this. */
    public static boolean open(Map<?, ? extends Metric> metrics) {
        return values(metrics, "connection-count").sum() > 0;
    }

    /**
     * How long ago the consumer, or that of Kafka Streams which has waited for the longest time, last began to ask for records; zero when none
     * has yet. Any thread may call this.
     */
    public static Duration sinceLastPoll(Map<?, ? extends Metric> metrics) {
        return Duration.ofSeconds(
                (long) values(metrics, "last-poll-seconds-ago").max().orElse(0));
    }

    private static DoubleStream values(Map<?, ? extends Metric> metrics, String name) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name)
                        && metric.metricName().group().equals("consumer-metrics")
                        // Kafka Streams polls this consumer only while it restores, so it does not notice a lost
                        // broker.
                        && !String.valueOf(metric.metricName().tags().get("client-id"))
                                .endsWith("restore-consumer"))
                .map(Metric::metricValue)
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                // Nothing has happened yet.
                .filter(value -> value >= 0);
    }
}
