package io.acclimate.app.verbs;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes records as lines of JSON, whatever format they have on the topic. What cannot be read is said on the error output. */
final class JsonLines {
    private final Feed feed;
    private final Optional<DomainId> domain;
    private final PrintWriter err;
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final PredictionCodec predictions = new PredictionCodec(WireFormat.JSON);

    JsonLines(Feed feed, Optional<DomainId> domain, PrintWriter err) {
        this.feed = feed;
        this.domain = domain;
        this.err = err;
    }

    /** Returns nothing for a record of another domain and for one that cannot be read. */
    Optional<String> of(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null && feed != Feed.DEAD_LETTERS) {
            return Optional.empty();
        }
        try {
            return switch (feed) {
                case PREDICTIONS -> {
                    Prediction prediction = predictions.decode(record.value());
                    yield wanted(prediction.domain(), predictions.encode(prediction));
                }
                case EVENTS -> {
                    AdaptationEvent event = events.decode(record.value());
                    yield wanted(event.domain(), events.encode(event));
                }
                case DEAD_LETTERS -> deadLetter(record);
            };
        } catch (UnreadableRecordException e) {
            unreadable(record, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<String> wanted(DomainId of, byte[] json) {
        return domain.isEmpty() || domain.get().equals(of)
                ? Optional.of(new String(json, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private Optional<String> deadLetter(ConsumerRecord<byte[], byte[]> record) {
        Outcome<DeadLetters.DeadLetter> outcome = DeadLetters.parse(record);
        if (outcome instanceof Outcome.Ok<DeadLetters.DeadLetter> ok) {
            return Optional.of(DeadLetters.json(ok.value(), record));
        }
        unreadable(
                record,
                ((Outcome.Refused<DeadLetters.DeadLetter>) outcome).refusal().message());
        return Optional.empty();
    }

    private void unreadable(ConsumerRecord<byte[], byte[]> record, String why) {
        err.println(DeadLettersCommand.printable(
                record.topic() + "-" + record.partition() + "-" + record.offset() + ": " + why));
        err.flush();
    }
}
