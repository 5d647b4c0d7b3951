package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

class RightsTest {
    private final Rights rights = new Rights(Set.of("images", "state"), Set.of("predictions", "state"));

    @Test
    void namesEachMissingRightAndWhatItIsMissingOn() {
        KafkaException failure = new KafkaException(
                "in an error state", new TopicAuthorizationException(Set.of("images", "predictions", "state")));
        assertThat(rights.explain(failure))
                .startsWith("in an error state: Not authorized")
                .endsWith(
                        "; grant READ on topic images; grant WRITE on topic predictions; grant READ and WRITE on topic state");
        assertThat(rights.explain(GroupAuthorizationException.forGroupId("serve")))
                .contains("grant READ on group serve");
        assertThat(rights.explain(new TransactionalIdAuthorizationException("denied")))
                .isEqualTo("denied; grant WRITE on the transactional id");
    }

    @Test
    void saysOfAnotherFailureWhatItSays() {
        assertThat(rights.explain(new TimeoutException("no answer"))).isEqualTo("no answer");
    }
}
