package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.verbs.VerbsFixture.Said;
import io.acclimate.broker.TestBroker;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator is told of dead letters, and of whoever does not answer. */
@Timeout(600)
class ReadingVerbsIT {
    private final VerbsFixture service = new VerbsFixture();

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void whatCannotBeAnImageIsListedAndShown() throws Exception {
        service.serve();
        try (var producer = TestBroker.producer()) {
            producer.send(new ProducerRecord<>(service.topics.images(), utf8("broken"), utf8("no image")))
                    .get();
        }

        Said tail = service.run("tail", "dead-letters", "--from-beginning", "-n", "1");
        assertThat(tail.code()).isZero();
        assertThat(tail.out().lines()).hasSize(1);
        assertThat(tail.out()).contains(service.topics.images() + "-", "serve");
        Said list = service.run("dead-letters", "list");
        assertThat(list.code()).isZero();
        assertThat(list.out().lines()).hasSize(1);
        assertThat(list.out()).contains("\tserve\t" + service.topics.images() + "-");
        assertThat(service.run("dead-letters", "show", list.out().split("\t", 2)[0])
                        .out())
                .contains("key: broken", "value: 8 bytes");
    }

    @Test
    void whoeverIsAbsentIsSaid() {
        Topics idle = TestBroker.uniqueTopics();
        TestBroker.createTopics(idle);
        Said noWorker = VerbsFixture.run(idle, "pause", "--wait", "1");
        assertThat(noWorker.code()).isEqualTo(1);
        assertThat(noWorker.err())
                .contains("No worker answered within 1 s. The command is kept on " + idle.modelControl());

        Topics nowhere = TestBroker.uniqueTopics();
        assertThat(VerbsFixture.run(idle, "dead-letters", "list").out()).isEqualTo("none\n");

        Said noTopic = VerbsFixture.run(nowhere, "versions");
        assertThat(noTopic.code()).isEqualTo(1);
        assertThat(noTopic.err()).isEqualTo("versions: topic " + nowhere.modelVersions() + " does not exist\n");
        assertThat(VerbsFixture.run(nowhere, "tail", "events").err()).contains("topic " + nowhere.adaptationEvents());
        assertThat(VerbsFixture.run(nowhere, "rollback").err()).contains("topic " + nowhere.adaptationEvents());
        assertThat(VerbsFixture.run(nowhere, "dead-letters", "list").err()).contains("topic " + nowhere.deadLetters());

        Said noBroker = service.run("tail", "events", "--bootstrap=localhost:1", "-K", "default.api.timeout.ms=500");
        assertThat(noBroker.code()).isEqualTo(1);
        assertThat(noBroker.err()).contains("nothing listens at localhost:1", "is --bootstrap its address?");

        Said badFeed = service.run("tail", "everything");
        assertThat(badFeed.code()).isEqualTo(2);
        assertThat(badFeed.err()).contains("predictions, events and dead-letters, got 'everything'");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
