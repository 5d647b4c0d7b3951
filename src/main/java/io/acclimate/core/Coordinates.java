package io.acclimate.core;

/** Where a record stands in Kafka. Written {@code topic-partition-offset}. */
public record Coordinates(String topic, int partition, long offset) {
    public Coordinates {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "partition and offset must not be negative, got " + partition + " and " + offset);
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
