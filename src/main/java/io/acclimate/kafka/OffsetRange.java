package io.acclimate.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * Records of one partition. A range whose end is not beyond its beginning is empty.
 *
 * @param from the first offset
 * @param to the offset after the last
 */
public record OffsetRange(TopicPartition partition, long from, long to) {
    public OffsetRange {
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException(
                    "offsets of " + partition + " are not negative, got " + from + " to " + to);
        }
    }

    @Override
    public String toString() {
        return partition + " from offset " + from + " to " + to;
    }
}
