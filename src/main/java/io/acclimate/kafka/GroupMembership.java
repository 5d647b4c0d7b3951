package io.acclimate.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How a consumer takes part in its group, by either of Kafka's protocols. The user chooses the protocol by the client property
 * {@code group.protocol}.
 *
 * <p>{@code classic} is the default. Its members are static: a member that is killed and started again under the same name keeps its
 * partitions, without a rebalance. With {@code consumer} the broker assigns partitions and members are dynamic, because there the
 * broker refuses the successor of a static member until the dead member's session has ended. The session timeout is then the
 * broker's ({@code group.consumer.session.timeout.ms}), and the client's is removed.
 *
 * @param name the member's name, unique in its group
 * @param classicAssignor class name of the assignor for {@code classic}
 * @param remoteAssignor name of the broker's assignor for {@code consumer}
 * @param session the time after which the partitions of a silent member go to others
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

    /** Sets the properties that the protocol needs and removes those that it does not know. */
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
            // Living members get the partitions of a dead one with their next heartbeat.
            properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) session.toMillis() / 10);
        }
    }

    /** Closes for a planned stop: the partitions go to others at once. After a plain close of a static member they would wait. */
    public static CloseOptions leaving(Duration within) {
        return CloseOptions.timeout(within)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }
}
