package io.acclimate.telemetry;

import java.util.Map;
import org.apache.kafka.common.Metric;

/** Whether a consumer has a broker, by its own meters: its threads wait in silence while all brokers are away. */
public final class Connections {
    /** What a role without one waits for. */
    public static final String MISSING = "a Kafka broker: no connection is open";

    private Connections() {}

    /** Any thread, on the map that a consumer or a Kafka Streams instance gives of its meters. */
    public static boolean open(Map<?, ? extends Metric> metrics) {
        double connections = 0;
        for (Metric metric : metrics.values()) {
            if (metric.metricName().name().equals("connection-count")
                    && metric.metricName().group().equals("consumer-metrics")
                    // Kafka Streams polls it only when it restores, so it does not notice that its broker has gone.
                    && !String.valueOf(metric.metricName().tags().get("client-id"))
                            .endsWith("restore-consumer")
                    && metric.metricValue() instanceof Double value) {
                connections += value;
            }
        }
        return connections > 0;
    }
}
