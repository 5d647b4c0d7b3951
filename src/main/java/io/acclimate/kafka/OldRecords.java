package io.acclimate.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Deletes the first records of partitions, which needs DELETE on their topic. Any thread. */
public final class OldRecords {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Map<String, Object> clientProps;

    public OldRecords(Map<String, Object> clientProps) {
        this.clientProps = Map.copyOf(clientProps);
    }

    /**
     * Deletes all records before an offset; without effect when they are deleted already. Readers begin after them at once, and the disk
     * is free when the broker next looks at its segments.
     *
     * @throws KafkaException when the brokers refuse that or do not answer within some seconds
     */
    public void deleteBefore(TopicPartition partition, long offset) {
        ClientProperties properties = ClientProperties.of(clientProps)
                .force(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis())
                .force(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
        try (Admin admin = properties.openAdmin()) {
            var unused =
                    AdminCall.await(() -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                            .all()
                            .get());
        }
    }
}
