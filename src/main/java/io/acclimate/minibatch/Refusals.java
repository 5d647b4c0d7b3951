package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.Refusal;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Topics;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Counts refused labels, says in their traces that they are refused, and turns each into its dead letter. Any thread. */
final class Refusals {
    static final String STAGE = "minibatch";

    private final Topics topics;
    private final Telemetry telemetry;

    Refusals(Topics topics, Telemetry telemetry) {
        this.topics = topics;
        this.telemetry = telemetry;
    }

    /**
     * The dead letter of one label.
     *
     * @param at the label record, whose {@code key}, {@code value} and {@code headers} the letter keeps
     * @param labelMillis the label record's timestamp
     * @param nowMillis the letter's own timestamp
     */
    Record<byte[], byte @Nullable []> letter(
            Coordinates at,
            long labelMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            Refusal refusal,
            long nowMillis) {
        telemetry.counter(Meter.DEAD_LETTERS, STAGE, refusal.reason().name()).increment();
        telemetry
                .traces()
                .step("refuse label", ContractHeaders.traceparent(headers), Instant.ofEpochMilli(nowMillis))
                .ifPresent(step ->
                        step.failed(refusal.reason() + ": " + refusal.message()).end());
        var letter = DeadLetters.record(topics.deadLetters(), at, labelMillis, key, value, headers, refusal, STAGE);
        return new Record<>(letter.key(), letter.value(), nowMillis, letter.headers());
    }
}
