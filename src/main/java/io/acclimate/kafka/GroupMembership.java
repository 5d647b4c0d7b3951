package io.acclimate.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How a consumer takes part in its group, by either of Kafka's protocols: the client property {@code group.protocol} that the
 * operator passes through says which.
 *
 * <p>{@code classic} (the default): members are static, so that one killed and started again under its name goes on with its
 * partitions at once, without a rebalance. {@code consumer}: the broker assigns, and members are dynamic, since there it refuses a
 * static member's successor until the dead one's session has ended. Its session timeout is the broker's
 * ({@code group.consumer.session.timeout.ms}), so the client's is left out.
 *
 * @param name of the member, unique in its group
 * @param classicAssignor class name
 * @param remoteAssignor name of the broker's
 * @param session after which a silent member's partitions go to others
 */
public record GroupMembership(String name, String classicAssignor, String remoteAssignor, Duration session) {
    private static final String CONSUMER = "consumer";

    public GroupMembership {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a member of a group has a name, got '" + name + "'");
        }
        if (session.isNegative() || session.isZero()) {
            throw new IllegalArgumentException("a member's session is positive, got " + session);
        }
    }

    /** Sets what the protocol wants and takes out what it does not know. */
    void apply(Map<String, Object> properties) {
        String protocol = String.valueOf(properties.getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic"))
                .toLowerCase(Locale.ROOT);
        if (protocol.equals(CONSUMER)) {
            properties
                    .keySet()
                    .removeAll(List.of(
                            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
            properties.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, remoteAssignor);
            return;
        }
        properties.remove(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, classicAssignor);
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name);
        if (properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) session.toMillis()) == null) {
            // Living members learn of a dead one's partitions by their next heartbeat.
            properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) session.toMillis() / 10);
        }
    }

    /** Of a planned stop: the partitions go to others at once, which a static member's plain close would not do. */
    public static CloseOptions leaving(Duration within) {
        return CloseOptions.timeout(within)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }
}
