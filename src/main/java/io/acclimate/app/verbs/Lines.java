package io.acclimate.app.verbs;

import io.acclimate.app.terminal.Figures;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.GateDecision;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes records as lines for people. */
final class Lines {
    private final Feed feed;
    private final Optional<String> domain;
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final PredictionCodec predictions = new PredictionCodec(WireFormat.JSON);

    Lines(Feed feed, Optional<String> domain) {
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

    private boolean wanted(String each) {
        return domain.isEmpty() || domain.get().equals(each);
    }

    private Optional<String> prediction(Prediction p) {
        return wanted(p.domain().value())
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
        return wanted(event.domain().value())
                ? Optional.of(event.at() + " " + event.domain() + "  " + what(event))
                : Optional.empty();
    }

    private static String what(AdaptationEvent event) {
        if (event instanceof AdaptationEvent.Trained e) {
            return String.format(
                    Locale.ROOT,
                    "trained on mini-batch %d: %d samples, %d held out, version %d got %d right, the source model %d%s; %d steps, loss %.3f",
                    e.miniBatch(),
                    e.samples(),
                    e.holdout(),
                    e.activeVersion(),
                    e.activeCorrect(),
                    e.sourceCorrect(),
                    e.shadow()
                            .map(shadow -> ", version " + shadow.version() + " in shadow " + shadow.correct())
                            .orElse(""),
                    e.steps(),
                    e.losses().getOrDefault("total", Double.NaN));
        }
        if (event instanceof AdaptationEvent.Judged e) {
            return String.format(
                    Locale.ROOT,
                    "%s of candidate %d: holdout accuracy %s, active version %d has %s, the source model %s (%d samples)%s",
                    e.decision().kind(),
                    e.candidate(),
                    Figures.percent(e.candidateAccuracy()),
                    e.activeVersion(),
                    Figures.percent(e.activeAccuracy()),
                    Figures.percent(e.sourceAccuracy()),
                    e.holdoutSize(),
                    reasons(e.decision()));
        }
        if (event instanceof AdaptationEvent.Activated e) {
            return String.format(
                    Locale.ROOT,
                    "version %d is active instead of %d: %s",
                    e.activation().version().number(),
                    e.previous(),
                    e.activation().reason());
        }
        if (event instanceof AdaptationEvent.Controlled e) {
            return e.command() + (e.applied() ? " applied: " : " refused: ") + e.message();
        }
        if (event instanceof AdaptationEvent.Reset e) {
            return "began afresh at mini-batch " + e.miniBatch() + ", version " + e.previous() + " had served: "
                    + e.reason();
        }
        if (event instanceof AdaptationEvent.Restarted e) {
            return String.format(
                    Locale.ROOT,
                    "training starts again from version %d at mini-batch %d, with steps %.4f times as large as set: %s",
                    e.activeVersion(),
                    e.miniBatch(),
                    e.stepScale(),
                    e.reason());
        }
        if (event instanceof AdaptationEvent.Aligned e) {
            return "took the images without labels of mini-batch " + e.miniBatch() + ", " + e.images() + " are kept; "
                    + e.outcome();
        }
        if (event instanceof AdaptationEvent.Drifted e) {
            return String.format(
                    Locale.ROOT,
                    "the domain has changed by mini-batch %d: version %d has %.3f of the last %d labels right, and had %.3f before",
                    e.miniBatch(),
                    e.activeVersion(),
                    e.accuracyAfter(),
                    e.labels(),
                    e.accuracyBefore());
        }
        if (event instanceof AdaptationEvent.Shadowed e) {
            return String.format(
                    Locale.ROOT,
                    "in shadow mode, version %d would serve instead of %d: %s",
                    e.version(),
                    e.previous(),
                    e.reason());
        }
        if (event instanceof AdaptationEvent.Calibrated e) {
            return String.format(
                    Locale.ROOT,
                    "version %d has temperature %.3f, fitted on %d held-out samples: calibration error %.3f, %.3f without it",
                    e.version(),
                    e.temperature(),
                    e.samples(),
                    e.errorAfter(),
                    e.errorBefore());
        }
        if (event instanceof AdaptationEvent.LabelsSuspected e) {
            return "the labels up to mini-batch " + e.miniBatch() + " look wrong (" + e.suspicion() + "): "
                    + e.evidence();
        }
        AdaptationEvent.Discarded e = (AdaptationEvent.Discarded) event;
        return "discarded " + e.messages().size() + " samples of mini-batch " + e.miniBatch() + ": " + e.messages();
    }

    private static String reasons(GateDecision decision) {
        List<String> reasons = decision instanceof GateDecision.Reject reject
                ? reject.reasons()
                : decision instanceof GateDecision.Defer defer ? defer.missing() : List.of();
        return reasons.isEmpty() ? "" : "; " + String.join("; ", reasons);
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
