package io.acclimate.harness;

import io.acclimate.wire.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Looks for transactions left open: what they hold back a read_committed reader never sees. */
final class Transactions {
    private Transactions() {}

    /** A finding for each partition whose last stable offset is below its end. */
    static List<String> open(String bootstrap, Topics topics) throws InterruptedException, ExecutionException {
        List<String> findings = new ArrayList<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(topics.all()).allTopicNames().get().forEach((topic, description) -> description
                    .partitions()
                    .forEach(each -> ends.put(new TopicPartition(topic, each.partition()), OffsetSpec.latest())));
            // Stable ends first: what is written in between shows as open and not the other way round.
            Map<TopicPartition, ListOffsetsResultInfo> stable = offsets(admin, ends, IsolationLevel.READ_COMMITTED);
            Map<TopicPartition, ListOffsetsResultInfo> all = offsets(admin, ends, IsolationLevel.READ_UNCOMMITTED);
            all.forEach((partition, end) -> {
                ListOffsetsResultInfo before = stable.get(partition);
                if (before == null || before.offset() != end.offset()) {
                    findings.add(partition + " is stable up to " + before + " and ends at " + end);
                }
            });
        }
        return findings;
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, Map<TopicPartition, OffsetSpec> ends, IsolationLevel isolation)
            throws InterruptedException, ExecutionException {
        return admin.listOffsets(ends, new ListOffsetsOptions(isolation)).all().get();
    }
}
