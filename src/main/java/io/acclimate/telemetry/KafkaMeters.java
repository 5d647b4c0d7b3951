package io.acclimate.telemetry;

import io.micrometer.core.instrument.config.MeterFilter;

/** Which meters of Kafka's clients a process publishes. Each client has some hundred of them, and each partition that it reads has more. */
public enum KafkaMeters {
    NONE,
    /** How many records each reader of a partition is behind. Dashboards and alerts use no other. */
    LAG,
    ALL;

    private static final String PREFIX = "kafka.";
    private static final String LAG_OF_A_PARTITION = "kafka.consumer.fetch.manager.records.lag";

    MeterFilter filter() {
        return MeterFilter.deny(id -> id.getName().startsWith(PREFIX) && !publishes(id.getName()));
    }

    private boolean publishes(String name) {
        return switch (this) {
            case NONE -> false;
            case LAG -> name.equals(LAG_OF_A_PARTITION);
            case ALL -> true;
        };
    }
}
