package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.broker.FreePort;
import io.acclimate.broker.TestBroker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuorumProbeIT {
    @Test
    void findsTheLeaderOfTheControllers() {
        try (QuorumProbe probe = QuorumProbe.open(TestBroker.clientProperties(), Duration.ofMinutes(1))) {
            Optional<String> problem = probe.problem();

            assertThat(problem).isEmpty();
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        Map<String, Object> nobody = Map.of("bootstrap.servers", "localhost:" + FreePort.take());
        try (QuorumProbe probe = QuorumProbe.open(nobody, Duration.ofSeconds(1))) {
            Optional<String> problem = probe.problem();

            assertThat(problem)
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("quorum").contains("1 s"));
        }
    }
}
