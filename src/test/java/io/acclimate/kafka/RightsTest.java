package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RightsTest {
    private final Rights rights = new Rights(Set.of("images", "state"), Set.of("predictions", "state"));

    @Test
    void namesEachMissingRightAndWhatItIsMissingOn() {
        KafkaException failure = new KafkaException(
                "in an error state", new TopicAuthorizationException(Set.of("images", "predictions", "state")));
        assertThat(rights.explain(failure, "acclimate-serve"))
                .startsWith("in an error state: Not authorized")
                .endsWith(
                        "; grant READ on topic images; grant WRITE on topic predictions; grant READ and WRITE on topic state");
        assertThat(rights.explain(GroupAuthorizationException.forGroupId("serve"), "acclimate-serve"))
                .contains("grant READ on group serve");
        assertThat(rights.explain(new TransactionalIdAuthorizationException("denied"), "acclimate-serve"))
                .isEqualTo("denied; grant WRITE on transactional ids that begin with acclimate-serve-");
        assertThat(rights.explain(new TopicAuthorizationException("cannot create"), "acclimate-minibatch"))
                .startsWith("cannot create; grant CREATE, ")
                .endsWith(" on topics that begin with acclimate-minibatch-");
    }

    @Test
    void namesWhatTheBrokersSayIsNotAllowed() {
        Map<String, KafkaFuture<TopicDescription>> answers = Map.of(
                "images", KafkaFuture.completedFuture(topic("images", Set.of(AclOperation.DESCRIBE))),
                "predictions", KafkaFuture.completedFuture(topic("predictions", Set.of(AclOperation.WRITE))),
                "state", failed(new TopicAuthorizationException(Set.of("state"))));

        assertThat(rights.lacking(admin(answers)))
                .containsExactly("READ on topic images", "READ on topic state", "WRITE on topic state");
    }

    @Test
    void whatABrokerDoesNotTellIsAllowed() {
        Map<String, KafkaFuture<TopicDescription>> answers = Stream.of("images", "predictions", "state")
                .collect(Collectors.toMap(name -> name, name -> KafkaFuture.completedFuture(topic(name, null))));

        assertThat(rights.lacking(admin(answers))).isEmpty();
    }

    private static TopicDescription topic(String name, @Nullable Set<AclOperation> allowed) {
        return new TopicDescription(name, false, List.of(), allowed);
    }

    private static KafkaFuture<TopicDescription> failed(Exception failure) {
        KafkaFutureImpl<TopicDescription> future = new KafkaFutureImpl<>();
        future.completeExceptionally(failure);
        return future;
    }

    private static Admin admin(Map<String, KafkaFuture<TopicDescription>> answers) {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> new Described(answers));
    }

    /** Its constructor is for subclasses. */
    private static final class Described extends DescribeTopicsResult {
        private Described(Map<String, KafkaFuture<TopicDescription>> answers) {
            super(null, answers);
        }
    }

    @Test
    void saysOfAnotherFailureWhatItSays() {
        assertThat(rights.explain(new TimeoutException("no answer"), "acclimate-serve"))
                .isEqualTo("no answer");
    }
}
