package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.junit.jupiter.api.Test;

class GroupMembershipTest {
    private static final GroupMembership MEMBERSHIP =
            new GroupMembership("serve-1", "some.Assignor", "uniform", Duration.ofSeconds(10));

    @Test
    void aClassicMemberIsStaticAndFoundDeadWithinItsSession() {
        Map<String, Object> properties = new HashMap<>(Map.of("group.remote.assignor", "theirs"));

        MEMBERSHIP.apply(properties);

        assertThat(properties)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "group.instance.id",
                        "serve-1",
                        "partition.assignment.strategy",
                        "some.Assignor",
                        "session.timeout.ms",
                        10_000,
                        "heartbeat.interval.ms",
                        1_000));
    }

    @Test
    void aSessionThatTheUserChoseKeepsItsOwnHeartbeat() {
        Map<String, Object> properties = new HashMap<>(Map.of("session.timeout.ms", 45_000));

        MEMBERSHIP.apply(properties);

        assertThat(properties).containsEntry("session.timeout.ms", 45_000).doesNotContainKey("heartbeat.interval.ms");
    }

    @Test
    void theBrokerAssignsWhereTheUserChoseItsProtocolInAnySpelling() {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "group.protocol", "CONSUMER",
                "session.timeout.ms", 1,
                "heartbeat.interval.ms", 1,
                "group.instance.id", "theirs",
                "partition.assignment.strategy", "theirs"));

        MEMBERSHIP.apply(properties);

        assertThat(properties)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("group.protocol", "CONSUMER", "group.remote.assignor", "uniform"));
    }

    @Test
    void aPlannedStopLeavesTheGroup() {
        CloseOptions options = GroupMembership.leaving(Duration.ofSeconds(5));

        assertThat(options).extracting("timeout").isEqualTo(java.util.Optional.of(Duration.ofSeconds(5)));
        assertThat(options).extracting("operation").isEqualTo(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }

    @Test
    void aMemberHasANameAndASession() {
        assertThatThrownBy(() -> new GroupMembership(" ", "some.Assignor", "uniform", Duration.ofSeconds(1)))
                .hasMessage("a member of a group has a name, got ' '");
        assertThatThrownBy(() -> new GroupMembership("a", "some.Assignor", "uniform", Duration.ZERO))
                .hasMessage("a member's session is positive, got PT0S");
    }
}
