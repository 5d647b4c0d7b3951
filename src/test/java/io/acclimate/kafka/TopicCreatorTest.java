package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicCreatorTest {
    private static final List<NewTopic> TOPICS = List.of(new NewTopic("images", 1, (short) 1));

    private static KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig> failed(Exception why) {
        KafkaFutureImpl<CreateTopicsResult.TopicMetadataAndConfig> future = new KafkaFutureImpl<>();
        future.completeExceptionally(why);
        return future;
    }

    /** What brokers answer to a request for topics. */
    private static final class Answer extends CreateTopicsResult {
        Answer(Map<String, KafkaFuture<TopicMetadataAndConfig>> futures) {
            super(futures);
        }
    }

    private static Admin admin(Map<String, KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig>> answers) {
        return (Admin) Proxy.newProxyInstance(
                TopicCreatorTest.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> new Answer(answers));
    }

    @Test
    void allTopicsThatThisUserMayNotCreateAreNamedWithTheRight() {
        Admin admin = admin(Map.of(
                "labels", failed(new TopicAuthorizationException("Authorization failed.")),
                "images", failed(new TopicAuthorizationException("Authorization failed.")),
                "predictions", failed(new TopicExistsException("it is there"))));

        assertThatThrownBy(() -> TopicCreator.create(admin, TOPICS))
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith(
                        "these topics do not exist or this user may not see them, and it may not create them: images, labels. If they")
                .hasMessageContaining("grant CREATE on the cluster");
    }

    @Test
    void aTopicThatAnotherRoleCreatedMeanwhileIsFine() {
        Admin admin = admin(Map.of("images", failed(new TopicExistsException("it is there"))));

        assertThatCode(() -> TopicCreator.create(admin, TOPICS)).doesNotThrowAnyException();
    }

    @Test
    void anotherFailureNamesItsTopic() {
        Admin admin = admin(Map.of("images", failed(new InvalidReplicationFactorException("3 is more than 1"))));

        assertThatThrownBy(() -> TopicCreator.create(admin, TOPICS))
                .hasMessageContaining("cannot create topic images")
                .hasMessageContaining("3 is more than 1");
    }
}
