package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.Golden;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterGoldenTest {
    @Test
    void reasonsKeepTheirNames() {
        assertThat(Arrays.stream(DeadLetterReason.values()).map(Enum::name))
                .as("alerts, scripts and `dead-letters --reason` name these; letters that exist carry them")
                .containsExactly(
                        "NULL_VALUE",
                        "EMPTY_VALUE",
                        "INVALID_IMAGE_ID",
                        "INVALID_HEADER",
                        "UNSUPPORTED_CONTENT_TYPE",
                        "UNDECODABLE_IMAGE",
                        "IMAGE_TOO_LARGE",
                        "WRONG_TENSOR_SIZE",
                        "MISSING_LABEL",
                        "UNKNOWN_CLASS",
                        "MISSING_PIXELS",
                        "LABEL_CONFLICT",
                        "DUPLICATE_LABEL",
                        "RATE_LIMITED",
                        "CLASS_SHARE",
                        "DOMAIN_LIMIT",
                        "UNREADABLE_RECORD");
    }

    @Test
    void aLetterHasTheseHeadersAndTheListPrintsThisLine() {
        Refusal refusal = new Refusal(DeadLetterReason.UNKNOWN_CLASS, "label 'x' is no class");

        ProducerRecord<byte[], byte[]> kept = DeadLetters.record("dead-letters", label(3), refusal, "minibatch");
        ProducerRecord<byte[], byte[]> dropped =
                DeadLetters.record("dead-letters", label(DeadLetters.MAX_BYTES), refusal, "minibatch");

        Golden.assertText(
                DeadLetterGoldenTest.class,
                "dead-letters.txt",
                "Scripts read a letter's headers and the JSON of `dead-letters list --json`, and letters that exist must stay readable.",
                lines(kept) + lines(dropped));
    }

    private static ConsumerRecord<byte[], byte[]> label(int bytes) {
        byte[] value = new byte[bytes];
        Arrays.fill(value, (byte) 'a');
        return record("labels", 1, 5, "img-1", value, new RecordHeaders().add("label", utf8("x")));
    }

    private static String lines(ProducerRecord<byte[], byte[]> letter) {
        StringBuilder lines = new StringBuilder();
        for (Header header : letter.headers()) {
            lines.append(header.key())
                    .append(": ")
                    .append(new String(header.value(), StandardCharsets.UTF_8))
                    .append('\n');
        }
        var read = record("dead-letters", 0, 0, "img-1", letter.value(), letter.headers());
        if (DeadLetters.parse(read) instanceof Outcome.Ok<DeadLetters.DeadLetter> ok) {
            lines.append(DeadLetters.json(ok.value(), read)).append('\n');
        }
        return lines.append('\n').toString();
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic,
            int partition,
            long offset,
            String key,
            byte[] value,
            org.apache.kafka.common.header.Headers headers) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                1_767_323_045_678L,
                TimestampType.CREATE_TIME,
                key.length(),
                value == null ? 0 : value.length,
                utf8(key),
                value,
                headers,
                Optional.empty());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
