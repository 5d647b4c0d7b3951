package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

/** What a role says of its health: from the meters of its clients, and as a value. */
class ConnectionsTest {
    private final Map<MetricName, Metric> metrics = new HashMap<>();

    @Test
    void aConsumerWithAConnectionHasABroker() {
        metric("connection-count", "consumer-metrics", "serve-0-consumer", 1.0);

        assertThat(Connections.open(metrics)).isTrue();
    }

    @Test
    void withoutMetersOrConnectionsThereIsNoBroker() {
        assertThat(Connections.open(metrics)).isFalse();
        metric("connection-count", "consumer-metrics", "serve-0-consumer", 0.0);
        assertThat(Connections.open(metrics)).isFalse();
    }

    @Test
    void oneConsumerWithAConnectionIsEnough() {
        metric("connection-count", "consumer-metrics", "stream-1-consumer", 0.0);
        metric("connection-count", "consumer-metrics", "stream-2-consumer", 2.0);

        assertThat(Connections.open(metrics)).isTrue();
    }

    @Test
    void connectionsOfOtherClientsAndOtherMetersDoNotCount() {
        metric("connection-count", "producer-metrics", "p", 1.0);
        metric("connection-creation-total", "consumer-metrics", "c", 5.0);
        metric("connection-count", "consumer-metrics", "stream-1-restore-consumer", 1.0);
        metric("connection-count", "consumer-metrics", "text", "1");

        assertThat(Connections.open(metrics)).isFalse();
    }

    @Test
    void theConsumerThatPolledLongestAgoCounts() {
        assertThat(Connections.sinceLastPoll(metrics)).isZero();
        metric("last-poll-seconds-ago", "consumer-metrics", "stream-1-consumer", -1.0);
        assertThat(Connections.sinceLastPoll(metrics)).as("none has polled yet").isZero();

        metric("last-poll-seconds-ago", "consumer-metrics", "stream-2-consumer", 17.0);
        metric("last-poll-seconds-ago", "consumer-metrics", "stream-3-consumer", 1.0);
        metric("last-poll-seconds-ago", "consumer-metrics", "stream-2-restore-consumer", 60.0);

        assertThat(Connections.sinceLastPoll(metrics)).isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void aRoleThatIsNotReadySaysWhatItWaitsFor() {
        assertThat(Health.notReady("a broker")).isEqualTo(new Health.NotReady("a broker"));
        assertThatThrownBy(() -> Health.notReady(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reason");
    }

    @Test
    void remarksOfAReadyRoleAreItsOwn() {
        List<String> remarks = new java.util.ArrayList<>(List.of("version 3 was refused"));
        Health.Ready ready = new Health.Ready(remarks);

        remarks.clear();

        assertThat(ready.remarks()).containsExactly("version 3 was refused");
        assertThat(Health.READY).isEqualTo(new Health.Ready(List.of()));
    }

    private void metric(String name, String group, String client, Object value) {
        MetricName id = new MetricName(name, group, "", Map.of("client-id", client));
        metrics.put(id, new Metric() {
            @Override
            public MetricName metricName() {
                return id;
            }

            @Override
            public Object metricValue() {
                return value;
            }
        });
    }
}
