package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.Membership;
import io.acclimate.wire.Topics;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final Failures failures =
            new Failures(Topics.DEFAULT, AdaptSettings.defaults().withMembership(new Membership("adapt", "a")));

    @Test
    void fencingAndTheGroupsDecisionsAreTheInstances() {
        List<RuntimeException> ofInstance = List.of(
                new ProducerFencedException("x"),
                new InvalidProducerEpochException("x"),
                new FencedInstanceIdException("x"),
                new CommitFailedException("x"),
                new RebalanceInProgressException("x"),
                new IllegalGenerationException("x"),
                new UnknownMemberIdException("x"),
                new WakeupException());

        assertThat(ofInstance).allMatch(Failures::isOfInstance);
        assertThat(ofInstance).map(KafkaException::new).allMatch(Failures::isOfInstance);
    }

    @Test
    void deniedRightsTimeoutsAndBugsAreThePartitions() {
        assertThat(List.of(
                        new TopicAuthorizationException(Set.of("labels")),
                        new TimeoutException("x"),
                        new IllegalStateException("x")))
                .noneMatch(Failures::isOfInstance);
    }

    @Test
    void aTimeoutIsFoundBehindWhatWrapsIt() {
        assertThat(Failures.isTimeout(new KafkaException("x", new TimeoutException("y"))))
                .isTrue();
        assertThat(Failures.isTimeout(new KafkaException("x"))).isFalse();
    }

    @Test
    void aFencedWorkerIsToldWhoElseMayHaveItsName() {
        assertThat(failures.waitingFor(new ProducerFencedException("x")))
                .contains("another worker of group adapt")
                .contains("has the name a");
    }

    @Test
    void aMissingRightIsNamedByWhatTheWorkerDoesWithTheTopic() {
        assertThat(failures.waitingFor(new TopicAuthorizationException(Set.of("mini-batches"))))
                .startsWith("Kafka: ")
                .endsWith("grant READ on topic mini-batches");
        assertThat(failures.waitingFor(new TopicAuthorizationException(Set.of("model-weights"))))
                .endsWith("grant READ and WRITE on topic model-weights");
        assertThat(failures.waitingFor(new TopicAuthorizationException(Set.of("adaptation-events"))))
                .endsWith("grant WRITE on topic adaptation-events");
        assertThat(failures.waitingFor(GroupAuthorizationException.forGroupId("adapt")))
                .endsWith("grant READ on group adapt");
    }

    @Test
    void whatIsNotKafkasIsTheRounds() {
        assertThat(failures.waitingFor(new IllegalStateException("NaN")))
                .isEqualTo("a round that does not fail: java.lang.IllegalStateException: NaN");
    }
}
