package io.acclimate.app.verbs;

import io.acclimate.app.terminal.Figures;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes records as lines for people. */
final class Lines {
    private final Feed feed;
    private final Optional<DomainId> domain;
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final PredictionCodec predictions = new PredictionCodec(WireFormat.JSON);

    Lines(Feed feed, Optional<DomainId> domain) {
        this.feed = feed;
        this.domain = domain;
    }

    /** Returns nothing for a record of another domain. */
    Optional<String> of(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null && feed != Feed.DEAD_LETTERS) {
            return Optional.empty();
        }
        try {
            return switch (feed) {
                case PREDICTIONS -> prediction(predictions.decode(record.value()));
                case EVENTS -> event(events.decode(record.value()));
                case DEAD_LETTERS -> Optional.of(deadLetter(record));
            };
        } catch (UnreadableRecordException e) {
            return Optional.of(
                    record.topic() + "-" + record.partition() + "-" + record.offset() + ": " + e.getMessage());
        }
    }

    private boolean wanted(DomainId each) {
        return domain.isEmpty() || domain.get().equals(each);
    }

    private Optional<String> prediction(Prediction p) {
        return wanted(p.domain())
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%s %s/%d  %s  %s %s  %d ms",
                        p.eventTime(),
                        p.domain(),
                        p.modelVersion(),
                        p.imageId(),
                        p.best().label(),
                        Figures.percent(p.best().confidence()),
                        p.took().toMillis()))
                : Optional.empty();
    }

    private Optional<String> event(AdaptationEvent event) {
        return wanted(event.domain())
                ? Optional.of(event.at() + " " + event.domain() + "  " + EventText.of(event))
                : Optional.empty();
    }

    private static String deadLetter(ConsumerRecord<byte[], byte[]> record) {
        Outcome<DeadLetters.DeadLetter> outcome = DeadLetters.parse(record);
        if (outcome instanceof Outcome.Ok<DeadLetters.DeadLetter> ok) {
            DeadLetters.DeadLetter letter = ok.value();
            return letter.timestamp() + " " + letter.input() + "  " + letter.stage() + "  " + letter.reason() + "  "
                    + letter.message();
        }
        return record.topic() + "-" + record.partition() + "-" + record.offset() + ": "
                + ((Outcome.Refused<DeadLetters.DeadLetter>) outcome).refusal().message();
    }
}
