package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Refusal;
import io.acclimate.kafka.FakeLog;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Letters on one partition in memory, and a producer with transactions. */
class DeadLetterResenderTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final TopicPartition LETTERS = new TopicPartition(TOPICS.deadLetters(), 0);

    private final FakeLog log = new FakeLog();
    private final DeadLetterReader reader = new DeadLetterReader(log, TOPICS.deadLetters());
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final DeadLetterResender resender = new DeadLetterResender(producer, TOPICS);
    private final ProgressView progress = ProgressView.open("re-sending", 10, new PrintWriter(new StringWriter()));

    DeadLetterResenderTest() {
        log.updatePartitions(LETTERS.topic(), List.of(new PartitionInfo(LETTERS.topic(), 0, null, null, null)));
        resender.start();
    }

    private void letter(long offset, String topic, String key, DeadLetterReason reason, int bytes) {
        ProducerRecord<byte[], byte[]> sent = DeadLetters.record(
                LETTERS.topic(),
                new Coordinates(topic, 0, offset),
                1_000,
                key.getBytes(StandardCharsets.UTF_8),
                new byte[bytes],
                new RecordHeaders(),
                new Refusal(reason, "for a reason"),
                "minibatch");
        log.put(new ConsumerRecord<>(
                LETTERS.topic(),
                0,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty()));
    }

    private List<String> sent() {
        return producer.history().stream()
                .map(each -> each.topic() + "/" + new String(each.key(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void sendsTheLettersOfOneReasonInTheTransactionThatKeepsTheProgress() {
        letter(0, TOPICS.labels(), "a", DeadLetterReason.UNKNOWN_CLASS, 10);
        letter(1, TOPICS.images(), "b", DeadLetterReason.NULL_VALUE, 10);
        letter(2, TOPICS.images(), "c", DeadLetterReason.UNKNOWN_CLASS, 10);

        resender.resend(reader, DeadLetterReason.UNKNOWN_CLASS, progress);

        assertThat(sent()).containsExactly(TOPICS.labels() + "/a", TOPICS.images() + "/c");
        assertThat(resender.result()).isEqualTo(new DeadLetterResender.Result(2, 0, 0));
        assertThat(producer.consumerGroupOffsetsHistory()).singleElement().satisfies(each -> assertThat(each.values())
                .containsExactly(Map.of(LETTERS, new OffsetAndMetadata(3))));
        assertThat(producer.transactionInFlight()).isFalse();
    }

    @Test
    void beginsAfterTheLettersThatItsGroupHasCommitted() {
        letter(0, TOPICS.labels(), "a", DeadLetterReason.UNKNOWN_CLASS, 10);
        letter(1, TOPICS.labels(), "b", DeadLetterReason.UNKNOWN_CLASS, 10);
        log.assign(List.of(LETTERS));
        log.commitSync(Map.of(LETTERS, new OffsetAndMetadata(1)));

        resender.resend(reader, DeadLetterReason.UNKNOWN_CLASS, progress);

        assertThat(sent()).containsExactly(TOPICS.labels() + "/b");
    }

    @Test
    void sendsNamedLettersAgainAndKeepsNoProgress() {
        letter(0, TOPICS.labels(), "a", DeadLetterReason.UNKNOWN_CLASS, 10);
        letter(1, TOPICS.labels(), "b", DeadLetterReason.MISSING_LABEL, 10);

        resender.resend(reader, Set.of("0:1"), progress);
        resender.resend(reader, Set.of("0:1"), progress);

        assertThat(sent()).containsExactly(TOPICS.labels() + "/b", TOPICS.labels() + "/b");
        assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();
    }

    @Test
    void countsTheLettersThatItMayNotSendAndThoseWhoseValueIsGone() {
        letter(0, TOPICS.modelVersions(), "forged", DeadLetterReason.UNKNOWN_CLASS, 10);
        letter(1, TOPICS.labels(), "large", DeadLetterReason.UNKNOWN_CLASS, DeadLetters.MAX_BYTES);

        resender.resend(reader, DeadLetterReason.UNKNOWN_CLASS, progress);

        assertThat(sent()).isEmpty();
        assertThat(resender.result()).isEqualTo(new DeadLetterResender.Result(0, 1, 1));
    }

    @Test
    void aFailureAbortsTheTransactionSoThatNoLetterIsSentByHalf() {
        letter(0, TOPICS.labels(), "a", DeadLetterReason.UNKNOWN_CLASS, 10);
        producer.commitTransactionException = new KafkaException("no broker");

        assertThatThrownBy(() -> resender.resend(reader, DeadLetterReason.UNKNOWN_CLASS, progress))
                .hasMessage("no broker");

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void closesItsProducer() {
        resender.close();

        assertThat(producer.closed()).isTrue();
    }
}
