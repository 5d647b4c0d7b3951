package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.broker.SlowCommits;
import io.acclimate.kafka.CommitWatch;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final TopicPartition BATCHES = new TopicPartition("mini-batches", 0);
    private static final ConsumerGroupMetadata GROUP = new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

    @Test
    void fault06ACommitThatTimesOutIsAskedForAgainAndNeverAborted() {
        SlowCommits producer = new SlowCommits(2);
        producer.initTransactions();
        try (Outbox outbox = new Outbox(producer, () -> true, new CommitWatch(), () -> {})) {
            write(outbox);
            assertThat(producer.calls()).containsExactly("commit", "commit", "commit");
            assertThat(producer.history()).hasSize(1);
            assertThat(producer.consumerGroupOffsetsHistory()).hasSize(1);
            write(outbox);
            assertThat(producer.history()).hasSize(2);
        }
    }

    @Test
    void fault06WhenStoppingACommitWithoutAnAnswerIsLeftToTheNextOwnerAndNotAborted() {
        SlowCommits producer = new SlowCommits(1);
        producer.initTransactions();
        Outbox outbox = new Outbox(producer, () -> false, new CommitWatch(), () -> {});
        assertThatThrownBy(() -> write(outbox)).isInstanceOf(TimeoutException.class);
        outbox.close();
        assertThat(producer.calls()).containsExactly("commit", "close");
    }

    @Test
    void aTransactionThatFailedIsTakenBackAndOneWithoutAnAnswerIsLeftToTheNextOwner() {
        SlowCommits producer = new SlowCommits(0);
        producer.initTransactions();
        Outbox outbox = new Outbox(producer, () -> true, new CommitWatch(), () -> {});
        TopicAuthorizationException denied = new TopicAuthorizationException("events");
        assertThatThrownBy(() -> outbox.transaction(
                        to -> {
                            throw denied;
                        },
                        Map.of(),
                        GROUP))
                .isSameAs(denied);
        outbox.abort(new KafkaException("in an error state", new TimeoutException("no answer")));
        assertThat(producer.calls()).isEmpty();
        outbox.abort(denied);
        outbox.abort(denied);
        assertThat(producer.calls()).containsExactly("abort");
        write(outbox);
        assertThat(producer.calls()).containsExactly("abort", "commit");
    }

    private static void write(Outbox outbox) {
        outbox.transaction(
                to -> {
                    var unused = to.send(new ProducerRecord<>("events", "round".getBytes(StandardCharsets.UTF_8)));
                },
                Map.of(BATCHES, new OffsetAndMetadata(1)),
                GROUP);
    }
}
