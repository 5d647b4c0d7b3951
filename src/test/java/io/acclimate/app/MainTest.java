package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void whatKafkaRefusesIsFollowedByTheWayToFindOutWhy() {
        assertThat(Main.message(new KafkaException(
                        "Topic authorization failed.", new TopicAuthorizationException("Topic authorization failed."))))
                .isEqualTo("Topic authorization failed; doctor, with the same options, says what this user lacks");
        assertThat(Main.message(new TopicAuthorizationException(Set.of("images"))))
                .isEqualTo(
                        "Not authorized to access topics: [images]; doctor, with the same options, says what this user lacks");
        assertThat(Main.message(new ClusterAuthorizationException("Cluster authorization failed.")))
                .startsWith("Cluster authorization failed. Who writes needs WRITE on the topic");
    }
}
