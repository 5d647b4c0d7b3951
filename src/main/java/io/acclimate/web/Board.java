package io.acclimate.web;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Calibrated;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.LabelsSuspected;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.VersionId;
import io.acclimate.telemetry.PrequentialWindow;
import io.acclimate.web.LiveView.Card;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the adaptation events say of one domain, in bounded memory. Figures that are not known are missing from the views and never 0. Not
 * thread-safe: {@link Boards} guards it.
 */
final class Board {
    private static final int POINTS = 500;
    private static final int CARDS = 100;
    private static final int VERSIONS = 512;
    private static final int SUSPICIONS = 20;

    private final Timeline accuracy = new Timeline(POINTS);
    private final Timeline shadow = new Timeline(POINTS);
    private final LossCurve losses = new LossCurve();
    private final Recent<Card> cards = new Recent<>(CARDS);
    private final PrequentialWindow window = new PrequentialWindow();
    private final TreeMap<Long, VersionFacts> versions = new TreeMap<>();
    private final RecentAnswers answers = new RecentAnswers();
    private final Recent<Card> suspicions = new Recent<>(SUSPICIONS);
    private long trainedSamples;
    private long active = VersionId.SOURCE;
    /** The time of the first event, from which on {@link #trainedSamples} counts. */
    private Optional<Instant> since = Optional.empty();

    private Optional<Trained> last = Optional.empty();
    private Optional<Answered> lastAnswered = Optional.empty();
    /** {@code running} or {@code paused}, or {@code unknown} if no event that is kept tells. */
    private String training = "unknown";

    void event(long seq, AdaptationEvent event) {
        Optional<Card> card = Card.of(seq, event);
        card.ifPresent(each -> cards.addOrReplace(each, Board::isPutOffAgain));
        since = since.or(() -> Optional.of(event.at()));
        losses.event(seq, event);
        if (event instanceof Trained trained) {
            trained(seq, trained);
        } else if (event instanceof Judged judged) {
            last.ifPresent(round -> facts(judged.candidate()).judged(judged, round.losses()));
        } else if (event instanceof Activated activated) {
            active = activated.activation().version().number();
            facts(active).activated(activated);
        } else if (event instanceof Calibrated calibrated) {
            facts(calibrated.version()).calibrated(calibrated);
        } else if (event instanceof Answered answered) {
            answers.add(answered);
            lastAnswered = Optional.of(answered);
        } else if (event instanceof LabelsSuspected) {
            card.ifPresent(suspicions::add);
        } else if (event instanceof Controlled controlled && controlled.applied()) {
            if (controlled.command().equals("pause")) {
                training = "paused";
            } else if (controlled.command().equals("resume")) {
                training = "running";
            }
        }
    }

    /** Judgements that are put off would fill the list: one line is enough for those of a candidate in a row. */
    private static boolean isPutOffAgain(Card last, Card next) {
        return next.kind().equals("defer")
                && last.kind().equals("defer")
                && last.title().equals(next.title());
    }

    private void trained(long seq, Trained trained) {
        window.add(trained);
        accuracy.add(seq, trained.at(), window.active(), window.source());
        if (trained.shadow().isPresent()) {
            shadow.add(seq, trained.at(), window.shadow());
        }
        active = trained.activeVersion();
        facts(active).served(trained);
        trainedSamples += trained.samples() - (long) trained.holdout();
        last = Optional.of(trained);
        if (trained.steps() > 0) {
            training = "running";
        }
    }

    /** Makes room by the oldest version, but never by the source model, the active version or the one that is asked for. */
    private VersionFacts facts(long number) {
        VersionFacts facts = versions.computeIfAbsent(number, n -> new VersionFacts());
        if (versions.size() > VERSIONS) {
            versions.keySet().stream()
                    .filter(each -> each != VersionId.SOURCE && each != active && each != number)
                    .findFirst()
                    .ifPresent(versions::remove);
        }
        return facts;
    }

    List<List<Double>> accuracy(long cursor) {
        return accuracy.after(cursor);
    }

    /** The accuracy, in shadow mode, of the version that would serve otherwise. */
    List<List<Double>> shadow(long cursor) {
        return shadow.after(cursor);
    }

    List<Card> cards(long cursor) {
        return cards.all().stream().filter(card -> card.seq() > cursor).toList();
    }

    Map<String, Object> version(long number) {
        VersionFacts facts = versions.get(number);
        return facts == null ? Map.of() : facts.view();
    }

    Map<String, Object> answers() {
        return answers.view();
    }

    Map<String, Object> losses() {
        return losses.view();
    }

    Map<String, Object> summary() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("training", training);
        body.put("trainedSamples", trainedSamples);
        since.ifPresent(first -> body.put("trainedSince", first.toEpochMilli()));
        last.ifPresent(trained -> {
            Map<String, Object> prequential = new LinkedHashMap<>();
            prequential.put("samples", window.samples());
            Figures.put(prequential, "served", window.active());
            Figures.put(prequential, "source", window.source());
            prequential.put("servedVersion", trained.activeVersion());
            prequential.put("lastAt", trained.at().toEpochMilli());
            body.put("prequential", prequential);
            body.put("losses", Figures.known(trained.losses()));
            body.put("halvings", trained.halvings());
        });
        lastAnswered.ifPresent(round -> body.put(
                "labelDelay",
                new TreeMap<>(Map.of(
                        "newestMillis", millis(round.newestLabel(), round),
                        "oldestMillis", millis(round.oldestLabel(), round),
                        "at", round.at().toEpochMilli()))));
        body.put("suspicions", suspicions.all());
        return body;
    }

    private static long millis(Instant label, Answered round) {
        return Math.max(0, Duration.between(label, round.at()).toMillis());
    }
}
