package io.acclimate.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.JsonFormat;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Digest;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters: the original key, value and headers, with headers in Kafka Connect's practice that say where the record
 * stood and why it was refused. A record too large to pass on keeps everything but its value, which its digest then names.
 */
public final class DeadLetters {
    public static final String TOPIC = "__connect.errors.topic";
    public static final String PARTITION = "__connect.errors.partition";
    public static final String OFFSET = "__connect.errors.offset";
    public static final String STAGE = "__connect.errors.stage";
    public static final String MESSAGE = "__connect.errors.exception.message";
    public static final String REASON = "__acclimate.errors.reason";
    public static final String TIMESTAMP = "__acclimate.errors.timestamp";
    public static final String VALUE_DIGEST = "__acclimate.errors.value.sha256";

    /** Below the 1 MiB that brokers and producers take by default, with room for the record's framing. */
    public static final int MAX_BYTES = 1_000_000;

    /** A message may quote text from a file that somebody sent. */
    private static final int MAX_MESSAGE = 2_000;

    private static final String OURS = "__acclimate.errors.";
    private static final String CONNECT = "__connect.errors.";

    private DeadLetters() {}

    /** A dead letter that was read. Key and value of its record may be null, as they may be in the original. */
    public record DeadLetter(
            Coordinates input,
            DeadLetterReason reason,
            String message,
            String stage,
            Instant timestamp,
            Optional<Digest> droppedValue) {}

    public static ProducerRecord<byte[], byte[]> record(
            String topic, ConsumerRecord<byte[], byte[]> input, Refusal refusal, String stage) {
        return record(
                topic,
                new Coordinates(input.topic(), input.partition(), input.offset()),
                input.timestamp(),
                input.key(),
                input.value(),
                input.headers(),
                refusal,
                stage);
    }

    public static ProducerRecord<byte[], byte[]> record(
            String topic,
            Coordinates input,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            org.apache.kafka.common.header.Headers original,
            Refusal refusal,
            String stage) {
        RecordHeaders reasons = new RecordHeaders();
        ContractHeaders.put(reasons, TOPIC, input.topic());
        ContractHeaders.put(reasons, PARTITION, Integer.toString(input.partition()));
        ContractHeaders.put(reasons, OFFSET, Long.toString(input.offset()));
        ContractHeaders.put(reasons, STAGE, stage);
        String message = refusal.message();
        ContractHeaders.put(
                reasons, MESSAGE, message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message);
        ContractHeaders.put(reasons, REASON, refusal.reason().name());
        ContractHeaders.put(reasons, TIMESTAMP, Long.toString(timestamp));

        RecordHeaders headers = withoutReasons(original);
        int spare = MAX_BYTES - size(reasons) - (key == null ? 0 : key.length);
        byte[] kept = value;
        if (value != null && value.length + size(headers) > spare) {
            ContractHeaders.put(reasons, VALUE_DIGEST, Digest.of(value).hex());
            kept = null;
        }
        if (size(headers) > spare) {
            headers = new RecordHeaders();
        }
        reasons.forEach(headers::add);
        byte[] keptKey = key != null && key.length + size(headers) > MAX_BYTES ? null : key;
        return new ProducerRecord<>(topic, null, null, keptKey, kept, headers);
    }

    /** Reads a record of the dead-letters topic. */
    public static Outcome<DeadLetter> parse(ConsumerRecord<byte[], byte[]> record) {
        try {
            Coordinates input = new Coordinates(
                    required(record, TOPIC),
                    Integer.parseInt(required(record, PARTITION)),
                    Long.parseLong(required(record, OFFSET)));
            return Outcome.ok(new DeadLetter(
                    input,
                    DeadLetterReason.valueOf(required(record, REASON)),
                    required(record, MESSAGE),
                    required(record, STAGE),
                    Instant.ofEpochMilli(Long.parseLong(required(record, TIMESTAMP))),
                    header(record, VALUE_DIGEST).map(Digest::new)));
        } catch (IllegalArgumentException e) {
            return Outcome.refused(DeadLetterReason.UNREADABLE_RECORD, "not a dead letter: " + e.getMessage());
        }
    }

    /** Why a letter cannot be sent again. */
    public enum Obstacle {
        /** The headers of a letter may name any topic. */
        FOREIGN("it names a topic that is not of this service"),
        DROPPED("its value was too large to be kept");

        private final String words;

        Obstacle(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** Why the letter cannot be sent again; empty when it can. */
    public static Optional<Obstacle> obstacle(DeadLetter letter, Topics topics) {
        Set<String> sources = Set.of(topics.images(), topics.labels(), topics.miniBatches(), topics.modelControl());
        if (!sources.contains(letter.input().topic())) {
            return Optional.of(Obstacle.FOREIGN);
        }
        return letter.droppedValue().map(digest -> Obstacle.DROPPED);
    }

    /** The original record, to be sent to its topic again. */
    public static ProducerRecord<byte[], byte[]> original(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        if (letter.droppedValue().isPresent()) {
            throw new IllegalArgumentException("the value of " + letter.input() + " was too large to keep, SHA-256 "
                    + letter.droppedValue().get().hex());
        }
        return new ProducerRecord<>(
                letter.input().topic(), null, null, record.key(), record.value(), withoutReasons(record.headers()));
    }

    /** One line of JSON for tools to print, by the mapping of dead_letter.proto. */
    public static String json(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        var message = io.acclimate.wire.v1.DeadLetter.newBuilder()
                .setInput(ProtoValues.coordinates(letter.input()))
                .setReason(letter.reason().name())
                .setMessage(letter.message())
                .setStage(letter.stage())
                .setValueDropped(letter.droppedValue().isPresent())
                .setValueDigest(letter.droppedValue().map(Digest::hex).orElse(""));
        if (record.key() != null) {
            message.setKey(UnsafeByteOperations.unsafeWrap(record.key()));
        }
        if (record.value() != null) {
            message.setValue(UnsafeByteOperations.unsafeWrap(record.value()));
        }
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a dead letter has no field that JSON cannot hold", e);
        }
    }

    private static RecordHeaders withoutReasons(org.apache.kafka.common.header.Headers headers) {
        RecordHeaders others = new RecordHeaders();
        for (Header header : headers) {
            if (!header.key().startsWith(OURS) && !header.key().startsWith(CONNECT)) {
                others.add(header);
            }
        }
        return others;
    }

    private static String required(ConsumerRecord<byte[], byte[]> record, String name) {
        return header(record, name).orElseThrow(() -> new IllegalArgumentException("no header " + name));
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static int size(org.apache.kafka.common.header.Headers headers) {
        int size = 0;
        for (Header header : headers) {
            size += header.key().length() * 3 + 10 + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }
}
