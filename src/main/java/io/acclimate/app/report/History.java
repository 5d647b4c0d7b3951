package io.acclimate.app.report;

import io.acclimate.app.html.Plot;
import io.acclimate.app.html.Plot.Point;
import io.acclimate.app.html.Plot.Series;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Aligned;
import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.DomainId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The events of one domain in the order in which they happened, and what a report says of them. One thread. */
final class History {
    /** Labels over which an accuracy is shown, so that a round of 32 does not make the line shake. */
    static final int WINDOW = 256;

    private final DomainId domain;
    private final List<Trained> rounds = new ArrayList<>();
    private final List<Judged> judged = new ArrayList<>();
    /** The labels that had been seen when the gate judged. */
    private final List<Double> judgedAt = new ArrayList<>();

    private final List<AdaptationEvent> others = new ArrayList<>();
    private long labels;

    History(DomainId domain) {
        this.domain = domain;
    }

    void add(AdaptationEvent event) {
        if (event instanceof Trained round) {
            rounds.add(round);
            labels += round.samples();
        } else if (event instanceof Judged decision) {
            judged.add(decision);
            judgedAt.add((double) labels);
        } else if (!comesWithEveryRound(event)) {
            others.add(event);
        }
    }

    /** Such events would push all others off a list of bounded length. */
    private static boolean comesWithEveryRound(AdaptationEvent event) {
        return event instanceof Answered || (event instanceof Aligned aligned && aligned.tensors() == 0);
    }

    DomainId domain() {
        return domain;
    }

    long labels() {
        return labels;
    }

    int rounds() {
        return rounds.size();
    }

    /** Activations, commands, resets and the like: all that is neither a round nor a decision. */
    List<AdaptationEvent> others() {
        return List.copyOf(others);
    }

    Map<String, Integer> decisions() {
        Map<String, Integer> decisions = new LinkedHashMap<>();
        judged.forEach(each -> decisions.merge(each.decision().kind(), 1, Integer::sum));
        return decisions;
    }

    /** The accuracy of what was served over all labels, each scored before it was trained on; NaN without labels. */
    double served() {
        return share(rounds, Trained::activeCorrect);
    }

    /** The accuracy of the source model over the same labels. */
    double source() {
        return share(rounds, Trained::sourceCorrect);
    }

    private static double share(List<Trained> rounds, ToDoubleFunction<Trained> correct) {
        long samples = rounds.stream().mapToLong(Trained::samples).sum();
        return samples == 0 ? Double.NaN : rounds.stream().mapToDouble(correct).sum() / samples;
    }

    Plot accuracy() {
        return new Plot(
                "Accuracy before training on each label",
                "over the last " + WINDOW + " labels",
                1,
                List.of(
                        new Series("served", moving(Trained::activeCorrect)),
                        new Series("source model", moving(Trained::sourceCorrect))));
    }

    private List<Point> moving(ToDoubleFunction<Trained> correct) {
        List<Point> points = new ArrayList<>();
        double hits = 0;
        long samples = 0;
        double seen = 0;
        int first = 0;
        for (Trained round : rounds) {
            hits += correct.applyAsDouble(round);
            samples += round.samples();
            seen += round.samples();
            while (samples - rounds.get(first).samples() >= WINDOW) {
                hits -= correct.applyAsDouble(rounds.get(first));
                samples -= rounds.get(first).samples();
                first++;
            }
            points.add(new Point(seen, samples == 0 ? Double.NaN : hits / samples));
        }
        return points;
    }

    Plot holdout() {
        return new Plot(
                "Accuracy on the holdout when the gate judged",
                "samples that nothing was trained on",
                1,
                List.of(
                        new Series("candidate", judgedBy(Judged::candidateAccuracy)),
                        new Series("active version", judgedBy(Judged::activeAccuracy)),
                        new Series("source model", judgedBy(Judged::sourceAccuracy))));
    }

    private List<Point> judgedBy(ToDoubleFunction<Judged> accuracy) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            points.add(new Point(judgedAt.get(i), accuracy.applyAsDouble(judged.get(i))));
        }
        return points;
    }

    /** Each term of the loss that training reported. */
    Plot losses() {
        Set<String> terms = new TreeSet<>();
        rounds.forEach(round -> terms.addAll(round.losses().keySet()));
        List<Series> series = new ArrayList<>();
        double top = 0;
        for (String term : terms) {
            List<Point> points = new ArrayList<>();
            double seen = 0;
            for (Trained round : rounds) {
                seen += round.samples();
                double loss = round.losses().getOrDefault(term, Double.NaN);
                points.add(new Point(seen, loss));
                top = Double.isFinite(loss) ? Math.max(top, loss) : top;
            }
            series.add(new Series(term, points));
        }
        return new Plot("Loss by term", "mean over the steps of a round", Math.max(top, 1.000001), series);
    }
}
