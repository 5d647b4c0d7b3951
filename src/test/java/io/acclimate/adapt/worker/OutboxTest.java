package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.broker.SlowCommits;
import io.acclimate.kafka.CommitWatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
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

    @Test
    void whatIsHeldIsWrittenInItsOrderInOneTransactionWithTheNewestOffsets() {
        SlowCommits producer = new SlowCommits(0);
        producer.initTransactions();
        List<String> committed = new ArrayList<>();
        try (Outbox outbox = new Outbox(producer, () -> true, new CommitWatch(), () -> {})) {
            outbox.hold(held("first", 1, committed));
            outbox.hold(held("second", 2, committed));
            assertThat(producer.transactionInFlight()).isFalse();

            outbox.transaction(to -> send(to, "third"), Map.of(), GROUP);

            assertThat(texts(producer)).containsExactly("first", "second", "third");
            assertThat(producer.calls()).containsExactly("commit");
            assertThat(producer.consumerGroupOffsetsHistory())
                    .containsExactly(Map.of(GROUP.groupId(), Map.of(BATCHES, new OffsetAndMetadata(2))));
            assertThat(committed).containsExactly("first", "second");
            assertThat(outbox.held()).isEmpty();
        }
    }

    @Test
    void whatCannotBeWrittenTakesBackTheWholeTransactionAndNothingCountsAsCommitted() {
        SlowCommits producer = new SlowCommits(0);
        producer.initTransactions();
        List<String> committed = new ArrayList<>();
        Outbox outbox = new Outbox(producer, () -> true, new CommitWatch(), () -> {});
        IllegalStateException tooLarge = new IllegalStateException("too large");
        outbox.hold(held("first", 1, committed));
        outbox.hold(new Outbox.Held(
                to -> {
                    throw tooLarge;
                },
                Map.of(),
                Instant.EPOCH,
                1,
                () -> committed.add("second")));

        assertThatThrownBy(() -> outbox.commit(GROUP)).isSameAs(tooLarge);
        outbox.commitBefore(tooLarge, GROUP);
        outbox.abort(tooLarge);

        assertThat(producer.calls()).containsExactly("abort");
        assertThat(texts(producer)).isEmpty();
        assertThat(committed).isEmpty();
    }

    @Test
    void workThatWasDoneBeforeAFailureIsCommittedUnlessBrokersDoNotAnswer() {
        SlowCommits producer = new SlowCommits(0);
        producer.initTransactions();
        Outbox outbox = new Outbox(producer, () -> true, new CommitWatch(), () -> {});
        outbox.hold(held("first", 1, new ArrayList<>()));

        outbox.commitBefore(new TimeoutException("no answer"), GROUP);
        assertThat(producer.calls()).isEmpty();
        outbox.commitBefore(new IllegalStateException("damaged"), GROUP);

        assertThat(texts(producer)).containsExactly("first");
    }

    private static Outbox.Held held(String text, long offset, List<String> committed) {
        return new Outbox.Held(
                to -> send(to, text),
                Map.of(BATCHES, new OffsetAndMetadata(offset)),
                Instant.EPOCH,
                1,
                () -> committed.add(text));
    }

    private static void send(Producer<byte[], byte[]> to, String text) {
        var unused = to.send(new ProducerRecord<>("events", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(SlowCommits producer) {
        return producer.history().stream()
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static void write(Outbox outbox) {
        outbox.transaction(to -> send(to, "round"), Map.of(BATCHES, new OffsetAndMetadata(1)), GROUP);
    }
}
