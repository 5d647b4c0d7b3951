package io.acclimate.web;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Reset;
import io.acclimate.core.AdaptationEvent.Restarted;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.VersionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The losses by term of a domain's rounds of training, in bounded memory: of a long past, every second round is dropped. A term that a round
 * did not compute is missing from it, and a round without steps has no term at all. Not thread-safe.
 */
final class LossCurve {
    static final int ROUNDS = 500;
    static final int MARKS = 100;
    /** Terms come from records, so their number is not bounded. Training has six. */
    static final int TERMS = 16;

    private static final int LONGEST_NAME = 64;

    /** The columns of a row of the timeline: the time, what {@link #trained} puts before the terms, and the terms. */
    private static final int STEPS = 1;

    private static final int SKIPPED = 2;
    private static final int HALVINGS = 3;
    private static final int FIRST_TERM = 4;

    private final Timeline rounds = new Timeline(ROUNDS);
    /** In the order in which they came, which is that of their columns. */
    private final List<String> terms = new ArrayList<>();

    private final Recent<Mark> marks = new Recent<>(MARKS);
    private long seen;
    /** The time of the first round that was seen. */
    private Optional<Instant> since = Optional.empty();

    /**
     * What changed the weights that serve or that are trained.
     *
     * @param kind {@code active}, {@code restart} or {@code reset}
     * @param version that served from then on
     */
    record Mark(long at, String kind, long version, String reason) {
        private static final int LONGEST = 1_000;

        Mark {
            reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason;
        }
    }

    void event(long seq, AdaptationEvent event) {
        long at = event.at().toEpochMilli();
        if (event instanceof Trained trained) {
            trained(seq, trained);
        } else if (event instanceof Activated activated) {
            long version = activated.activation().version().number();
            marks.add(new Mark(at, "active", version, activated.activation().reason()));
        } else if (event instanceof Restarted restarted) {
            marks.add(new Mark(at, "restart", restarted.activeVersion(), restarted.reason()));
        } else if (event instanceof Reset reset) {
            marks.add(new Mark(at, "reset", VersionId.SOURCE, reset.reason()));
        }
    }

    private void trained(long seq, Trained round) {
        new TreeMap<>(round.losses())
                .keySet().stream()
                        .filter(term -> !terms.contains(term) && term.length() <= LONGEST_NAME && terms.size() < TERMS)
                        .forEach(terms::add);
        double[] row = new double[FIRST_TERM - 1 + terms.size()];
        row[STEPS - 1] = round.steps();
        row[SKIPPED - 1] = round.skippedSteps();
        row[HALVINGS - 1] = round.halvings();
        for (int i = 0; i < terms.size(); i++) {
            row[FIRST_TERM - 1 + i] = round.losses().getOrDefault(terms.get(i), Double.NaN);
        }
        rounds.add(seq, round.at(), row);
        seen++;
        since = since.or(() -> Optional.of(round.at()));
    }

    Map<String, Object> view() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("seen", seen);
        since.ifPresent(first -> body.put("since", first.toEpochMilli()));
        body.put("rounds", rounds.after(0).stream().map(this::round).toList());
        body.put("marks", marks.all());
        return body;
    }

    /** A row that is older than a term ends before the term's column. */
    private Map<String, Object> round(List<Double> row) {
        Map<String, Double> losses = new TreeMap<>();
        for (int i = FIRST_TERM; i < row.size(); i++) {
            if (Double.isFinite(row.get(i))) {
                losses.put(terms.get(i - FIRST_TERM), row.get(i));
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("at", row.get(0).longValue());
        body.put("steps", row.get(STEPS).intValue());
        body.put("skippedSteps", row.get(SKIPPED).intValue());
        body.put("halvings", row.get(HALVINGS).intValue());
        body.put("losses", losses);
        return body;
    }
}
