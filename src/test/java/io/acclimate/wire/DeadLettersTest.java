package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Digest;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.wire.DeadLetters.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private static final Refusal REFUSAL = new Refusal(DeadLetterReason.UNKNOWN_CLASS, "label 'ä' is no class");
    private static final long TIME = 1_700_000_000_123L;

    @Test
    void keepsTheOriginalSoThatItCanBeSentAgain() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8("ä")).add("label", new byte[] {(byte) 0xff}).add("none", null);
        ConsumerRecord<byte[], byte[]> input = record("labels", utf8("key"), utf8("png"), headers);

        ConsumerRecord<byte[], byte[]> stored = stored(DeadLetters.record("dead", input, REFUSAL, "minibatch"));

        DeadLetter letter = parsed(stored);
        assertThat(letter)
                .isEqualTo(new DeadLetter(
                        new Coordinates("labels", 3, 42),
                        DeadLetterReason.UNKNOWN_CLASS,
                        "label 'ä' is no class",
                        "minibatch",
                        Instant.ofEpochMilli(TIME),
                        Optional.empty()));
        ProducerRecord<byte[], byte[]> again = DeadLetters.original(letter, stored);
        assertThat(again.topic()).isEqualTo("labels");
        assertThat(again.key()).isEqualTo(utf8("key"));
        assertThat(again.value()).isEqualTo(utf8("png"));
        assertThat(again.headers()).isEqualTo(headers);
    }

    @Test
    void fault19DropsAValueThatWouldExceedTheLimitAndKeepsItsDigest() {
        byte[] huge = new byte[DeadLetters.MAX_BYTES];
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8("x"));

        ConsumerRecord<byte[], byte[]> stored =
                stored(DeadLetters.record("dead", record("labels", utf8("key"), huge, headers), REFUSAL, "minibatch"));

        DeadLetter letter = parsed(stored);
        assertThat(stored.value()).isNull();
        assertThat(letter.droppedValue()).contains(Digest.of(huge));
        assertThat(letter.input()).hasToString("labels-3-42");
        assertThat(stored.headers().lastHeader("label").value()).isEqualTo(utf8("x"));
        assertThatThrownBy(() -> DeadLetters.original(letter, stored))
                .hasMessageContaining("labels-3-42")
                .hasMessageContaining("too large to keep");
    }

    @Test
    void fault19StaysBelowTheLimitWhateverIsLarge() {
        for (boolean largeKey : new boolean[] {false, true}) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("huge", new byte[900_000]);
            byte[] key = largeKey ? new byte[999_990] : utf8("key");
            ConsumerRecord<byte[], byte[]> stored = stored(DeadLetters.record(
                    "dead", record("labels", key, new byte[500_000], headers), REFUSAL, "minibatch"));
            assertThat(parsed(stored).droppedValue()).isPresent();
            int size = stored.key() == null ? 0 : stored.key().length;
            for (var header : stored.headers()) {
                size += header.value().length;
            }
            assertThat(size).isLessThanOrEqualTo(DeadLetters.MAX_BYTES);
        }
    }

    @Test
    void refusesARecordThatIsNoDeadLetter() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(DeadLetters.TOPIC, utf8("labels")).add(DeadLetters.PARTITION, utf8("many"));
        assertThat(DeadLetters.parse(record("dead", null, null, headers)))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
                                refused.refusal().reason())
                        .isEqualTo(DeadLetterReason.UNREADABLE_RECORD));
    }

    private static DeadLetter parsed(ConsumerRecord<byte[], byte[]> stored) {
        Outcome<DeadLetter> outcome = DeadLetters.parse(stored);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<DeadLetter>) outcome).value();
    }

    private static ConsumerRecord<byte[], byte[]> stored(ProducerRecord<byte[], byte[]> letter) {
        return record(letter.topic(), letter.key(), letter.value(), letter.headers());
    }

    @SuppressWarnings("NullAway") // Kafka takes null keys and values
    private static ConsumerRecord<byte[], byte[]> record(
            String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new ConsumerRecord<>(
                topic, 3, 42, TIME, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
