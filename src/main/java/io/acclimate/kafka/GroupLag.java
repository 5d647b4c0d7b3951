package io.acclimate.kafka;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How many records a consumer group has not committed yet. Stateless; any thread. */
public final class GroupLag {
    private GroupLag() {}

    /**
     * Asks the brokers, which needs the right to describe the group and its topics.
     *
     * @return the sum over the partitions for which the group has committed something, by topic. Markers of transactions count as records.
     */
    public static SortedMap<String, Long> of(Admin admin, String group) {
        Map<TopicPartition, OffsetAndMetadata> committed = AdminCall.await(() -> admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get());
        committed.values().removeIf(offset -> offset == null);
        if (committed.isEmpty()) {
            return new TreeMap<>();
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends = AdminCall.await(() -> admin.listOffsets(
                        committed.keySet().stream()
                                .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get());
        SortedMap<String, Long> behind = new TreeMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
                behind.merge(partition.topic(), Math.max(0, end.offset() - offset.offset()), Long::sum);
            }
        });
        return behind;
    }
}
