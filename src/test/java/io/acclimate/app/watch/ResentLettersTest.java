package io.acclimate.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Refusal;
import io.acclimate.kafka.FakeLog;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Letters on one partition in memory. */
class ResentLettersTest {
    private static final Topics TOPICS = Topics.DEFAULT;

    private final FakeLog log = new FakeLog();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final ResentLetters letters = new ResentLetters(() -> log, producer, TOPICS);

    ResentLettersTest() {
        log.updatePartitions(
                TOPICS.deadLetters(), List.of(new PartitionInfo(TOPICS.deadLetters(), 0, null, null, null)));
        letter(0, TOPICS.labels(), 3);
        letter(1, "somebody-elses", 3);
        letter(2, TOPICS.images(), 2 * DeadLetters.MAX_BYTES);
        put(new ProducerRecord<>(TOPICS.deadLetters(), bytes("no letter"), bytes("x")), 3);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void letter(long offset, String topic, int size) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", bytes("Bag"));
        put(
                DeadLetters.record(
                        TOPICS.deadLetters(),
                        new Coordinates(topic, 0, 7),
                        1_000,
                        bytes("img-" + offset),
                        new byte[size],
                        headers,
                        new Refusal(DeadLetterReason.RATE_LIMITED, "too many"),
                        "minibatch"),
                offset);
    }

    private void put(ProducerRecord<byte[], byte[]> sent, long offset) {
        log.put(new ConsumerRecord<>(
                sent.topic(),
                0,
                offset,
                1_000,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty()));
    }

    @Test
    void theOneLetterIsSentAsTheRecordThatItWas() {
        assertThat(letters.resend(0, 0)).isEmpty();

        assertThat(producer.history()).singleElement().satisfies(sent -> {
            assertThat(sent.topic()).isEqualTo(TOPICS.labels());
            assertThat(sent.key()).isEqualTo(bytes("img-0"));
            assertThat(sent.value()).hasSize(3);
            assertThat(sent.headers().toArray())
                    .extracting(header -> header.key())
                    .containsExactly("label");
        });
    }

    @Test
    void aLetterThatNamesATopicOfOthersIsNotSent() {
        assertThat(letters.resend(0, 1)).hasValue("it names a topic that is not of this service");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void aLetterWhoseValueWasTooLargeIsNotSent() {
        assertThat(letters.resend(0, 2)).hasValue("its value was too large to be kept");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void anOffsetBeyondTheEndHasNoLetter() {
        assertThat(letters.resend(0, 4)).hasValue("there is no dead letter 0:4");
    }

    @Test
    void aPartitionThatIsNotThereHasNoLetter() {
        assertThat(letters.resend(5, 0)).hasValue("there is no dead letter 5:0");
    }

    @Test
    void aForeignRecordIsNoLetter() {
        assertThat(letters.resend(0, 3)).hasValue("the record 0:3 is no dead letter of this service");
    }

    @Test
    void whatKafkaDoesNotTakeIsSaid() {
        producer.sendException = new TopicAuthorizationException("labels");

        assertThat(letters.resend(0, 0))
                .hasValueSatisfying(why -> assertThat(why).startsWith("Kafka did not take it: "));
    }
}
