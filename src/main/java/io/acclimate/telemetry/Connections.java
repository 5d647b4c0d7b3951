package io.acclimate.telemetry;

import java.util.Map;
import org.apache.kafka.common.Metric;

/** Finds out from a consumer's own meters whether it has a broker. While all brokers are down, a consumer waits without an error. */
public final class Connections {
    /** What a role without a connection waits for. */
    public static final String MISSING = "a Kafka broker: no connection is open";

    private Connections() {}

    /** Whether a connection is open, by the meters of a consumer or of a Kafka Streams instance. Any thread may call this. */
    public static boolean open(Map<?, ? extends Metric> metrics) {
        double connections = 0;
        for (Metric metric : metrics.values()) {
            if (metric.metricName().name().equals("connection-count")
                    && metric.metricName().group().equals("consumer-metrics")
                    // Kafka Streams polls this consumer only while it restores, so it does not notice a lost broker.
                    && !String.valueOf(metric.metricName().tags().get("client-id"))
                            .endsWith("restore-consumer")
                    && metric.metricValue() instanceof Double value) {
                connections += value;
            }
        }
        return connections > 0;
    }
}
