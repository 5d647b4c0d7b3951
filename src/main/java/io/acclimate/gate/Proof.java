package io.acclimate.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Whether training in this domain is proven better than the source model. Each labelled sample is scored by the weights in training
 * before they see it, beside the source model: progressive validation (Blum, Kalai and Langford, <i>Beating the hold-out</i>, COLT
 * 1999), so that every label is evidence and none is lost to it. What is tested is the line of candidates and not each one alone,
 * which is why the level need not be shared out among them. The candidate itself is compared on the holdout by the {@link Gate}.
 *
 * <p>Three things are asked for. {@link Bets} reject "on average over the classes, the candidates are no better" at the level
 * α, which holds for the whole stream. The lead over the last {@value #RECENT} samples exceeds {@value #RECENT_Z} standard errors, since
 * a proof of long ago says nothing of labels that have changed. And enough classes were seen {@value #CLASS_SAMPLES} times or more: a
 * model that knows one class is ahead on it. In the bets, a sample of a class with more than its even share weighs (even share) /
 * (share of its class), by the counts before it and {@value #PRIOR} imagined samples of each class, so that a flood of one class proves
 * nothing; in the lead, all classes weigh the same.
 *
 * <p>While labels come sorted by class, the next label is known before the image is seen, and training that follows it is ahead or behind by
 * that alone. So nothing is bet on these samples, nor on the first few, whose order is not known, and no alarm hears of them. A candidate is
 * then proven by the holdout, when it is ahead there by {@value #HOLDOUT_Z} standard errors, or by {@value #RECENT_Z} when a proven version
 * serves already. Each candidate is tested anew, so that one of many that are no better may pass by luck: with a chance of 0.0013 for each, were
 * they independent.
 *
 * <p>Two more processes run for the other direction: an alarm when the weights in training are worse than the source model, and one when what
 * serves is. What serves also loses its proof when it is not ahead over {@value #SERVED} samples, and, long before these have come, when it has
 * fallen behind at once, as where a domain has become again what the source model was trained for. Training is called worse only on samples of
 * enough classes. By labels that look wrong themselves nothing is proven, as far as {@link LabelShift} and {@link LabelWindow} find them. Fails
 * to see: other labels that are wrong in a way that can be learnt, since by them the candidate is better. One thread.
 */
public final class Proof {
    private static final int RECENT = 256;
    private static final double RECENT_Z = 1.64;
    private static final int SERVED = 512;
    private static final int CLASS_SAMPLES = 2;
    /** Labels after which a class that the domain has would have come. */
    private static final int FEW_CLASSES_FROM = 256;
    /** Standard errors by which a candidate must be ahead on the holdout while labels come sorted by class. */
    private static final double HOLDOUT_Z = 3;

    /** The chance of a candidate's agreement with labels that say nothing, above which it is not proven. */
    private static final double TIE_CHANCE = 0.01;

    /** Samples from one look at the labels themselves to the next. */
    private static final int LOOK_EVERY = 64;

    private static final double PRIOR = 8;
    /** Samples from one start of the bets to the next, at most: the first few starts come sooner, since training is worst at first. */
    private static final int START_EVERY = 256;

    private static final int FIRST_STARTS = 64;
    /** How many times the threshold a bet's wealth is at most. */
    private static final double CAP = 20;

    private final double threshold;
    private final int classes;
    private final int neededClasses;
    private final Set<Integer> unknown;
    private final GateSettings.Withdrawal withdrawal;
    private final Bets better;
    private final LossAlarm trainingWorse = new LossAlarm();
    private final LossAlarm servedWorse = new LossAlarm();
    private final RecentScores recent = new RecentScores(SERVED);
    private final LabelShift labels;
    private final BooleanSupplier listIsRight;
    private final LabelWindow window;
    private Optional<LabelSuspicion.Kind> suspected = Optional.empty();
    private int sinceLook;
    private final Map<Integer, Integer> counts = new TreeMap<>();
    private int sinceStart;
    private int servedSince = -1;

    /** A proof for which nothing else shows that the list of classes is right. */
    public Proof(GateSettings settings, int classes, Set<Integer> unknown) {
        this(settings, classes, unknown, () -> false);
    }

    /**
     * @param classes of the model's label set
     * @param unknown those of them that nobody has trained in the source model
     * @param listIsRight whether something else shows that the labels are by the model's own list of classes, so that no other is suspected
     */
    public Proof(GateSettings settings, int classes, Set<Integer> unknown, BooleanSupplier listIsRight) {
        this.threshold = 1 / settings.proven().level();
        this.classes = classes;
        this.listIsRight = listIsRight;
        this.neededClasses = settings.neededClasses(classes);
        this.withdrawal = settings.proven().withdrawal();
        GateSettings.Suspicion suspicion = settings.proven().suspicion();
        this.unknown = suspicion == GateSettings.Suspicion.ALL_CLASSES ? Set.of() : Set.copyOf(unknown);
        this.labels = new LabelShift(classes, suspicion);
        this.window = new LabelWindow(classes, this.unknown, labels);
        this.better = new Bets(CAP * threshold);
        better.begin();
    }

    /** True when samples need the source model's scores. */
    public boolean asksForScores() {
        return labels.likeness().keeps();
    }

    /** Takes the samples of one mini-batch, which the candidate had not been trained on, in their order. */
    public void see(List<Scored> samples) {
        Map<Integer, Integer> before = new TreeMap<>(counts);
        int total = before.values().stream().mapToInt(Integer::intValue).sum();
        double even = PRIOR + total / (double) Math.max(1, before.size());
        for (Scored sample : samples) {
            recent.add(sample);
            double weight = recent.showsOrder() && !recent.sorted()
                    ? Math.min(1, even / (PRIOR + before.getOrDefault(sample.label(), 0)))
                    : 0;
            better.see(weight * sample.candidateAhead());
            trainingWorse.see(-weight * sample.candidateAhead());
            servedWorse.see(-weight * sample.activeAhead());
            if (!unknown.contains(sample.label())) {
                labels.see(sample);
            }
            window.add(sample);
            sinceLook++;
            counts.merge(sample.label(), 1, Integer::sum);
            if (++sinceStart >= Math.min(START_EVERY, FIRST_STARTS * better.starts())) {
                sinceStart = 0;
                better.begin();
            }
            servedSince = servedSince < 0 ? -1 : Math.min(SERVED, servedSince + 1);
        }
    }

    /**
     * What the proof lacks; empty when the candidates are proven better.
     *
     * @param heldOut the newest candidate and the source model on samples that are never trained on
     */
    public List<String> missing(Paired heldOut) {
        List<String> missing = missingBesidesHoldout();
        if (recent.sorted()) {
            missingOnHoldout(heldOut).ifPresent(missing::add);
        }
        return missing;
    }

    /** True when nothing is missing but what the holdout may show. */
    public boolean awaitsHoldout() {
        return missingBesidesHoldout().isEmpty();
    }

    /** True while a version serves that was proven better. */
    public boolean serves() {
        return servedSince >= 0;
    }

    private List<String> missingBesidesHoldout() {
        List<String> missing = new ArrayList<>();
        int seen = seenClasses();
        if (seen < neededClasses) {
            missing.add(String.format(
                    Locale.ROOT, "%d of the %d classes have labelled samples, %d must", seen, classes, neededClasses));
        }
        otherList().ifPresent(missing::add);
        suspected
                .filter(kind -> kind != LabelSuspicion.Kind.ONE_CLASS)
                .ifPresent(kind ->
                        missing.add("the labels themselves look " + kind.name().toLowerCase(Locale.ROOT)));
        if (recent.sorted()) {
            return missing;
        }
        RecentScores.Lead lead = recent.candidate(RECENT);
        if (better.evidence() < threshold || !(lead.mean() > RECENT_Z * lead.error())) {
            missing.add(String.format(
                    Locale.ROOT,
                    "not proven better than the source model: evidence %.3g of %.0f, %+.3f ± %.3f on the last %d samples",
                    better.evidence(),
                    threshold,
                    lead.mean(),
                    lead.error(),
                    lead.samples()));
        }
        double chance = missing.isEmpty() ? window.chanceOfCandidate() : 0;
        if (chance > TIE_CHANCE) {
            missing.add(String.format(
                    Locale.ROOT,
                    "labels dealt out at random would agree with the candidate as often with a chance of %.3f, %.2f is allowed",
                    chance,
                    TIE_CHANCE));
        }
        return missing;
    }

    /** Why another list of classes is suspected or, while nothing serves, not excluded. */
    private Optional<String> otherList() {
        if (listIsRight.getAsBoolean()) {
            return Optional.empty();
        }
        Optional<String> suspected = labels.suspected(Certainty.SUSPECTED, orderly());
        return suspected.isEmpty() && servedSince < 0 ? labels.doubted(orderly()) : suspected;
    }

    /** True when labels of enough classes came and it is known that they are not sorted by class. */
    private boolean orderly() {
        return recent.showsOrder() && !recent.sorted() && seenClasses() >= neededClasses;
    }

    private int seenClasses() {
        return (int)
                counts.values().stream().filter(count -> count >= CLASS_SAMPLES).count();
    }

    /**
     * Which classes labels name, when there are too few of these for anything to be proven and so many labels that others would have come.
     * Of a single class, {@link #newSuspicion} tells.
     */
    public Optional<FewClasses> fewClasses() {
        int labels = counts.values().stream().mapToInt(Integer::intValue).sum();
        int seen = seenClasses();
        return labels >= FEW_CLASSES_FROM && seen >= 2 && seen < neededClasses
                ? Optional.of(new FewClasses(labels, seen, classes, neededClasses))
                : Optional.empty();
    }

    /**
     * Labels of too few classes.
     *
     * @param seen classes that have labels
     * @param classes of the model
     * @param needed classes that must have labels before anything is proven
     */
    public record FewClasses(int labels, int seen, int classes, int needed) {
        /** The largest share of the model's classes, in hundredths, for which those that have labels are enough. */
        public double share() {
            return Math.floor(100.0 * seen / classes) / 100;
        }
    }

    /** What makes the labels themselves look wrong, once for each time that they begin to. Asked after each mini-batch. */
    public Optional<LabelSuspicion> newSuspicion() {
        if (sinceLook < LOOK_EVERY) {
            return Optional.empty();
        }
        sinceLook = 0;
        Optional<LabelSuspicion> found = window.suspicion(recent.sorted());
        Optional<LabelSuspicion.Kind> before = suspected;
        suspected = found.map(LabelSuspicion::kind);
        return suspected.equals(before) ? Optional.empty() : found;
    }

    /** Labels that come sorted by class are guessed by whoever names the class that came last, so only the holdout is evidence. */
    private Optional<String> missingOnHoldout(Paired heldOut) {
        double needed = (servedSince < 0 ? HOLDOUT_Z : RECENT_Z) * Math.sqrt(heldOut.discordant());
        return heldOut.discordant() > 0 && -heldOut.deficit() >= needed
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the labels come sorted by class, and the candidate is not proven better than the source model on the holdout:"
                                + " %d of %d samples ahead, %.1f needed",
                        -heldOut.deficit(),
                        heldOut.samples(),
                        needed));
    }

    /** Why the active version must make way for the source model; empty when it may stay. */
    public Optional<String> lost() {
        Optional<String> shift = servedSince < 0 || listIsRight.getAsBoolean()
                ? Optional.empty()
                : labels.suspected(Certainty.FOUND, orderly());
        if (shift.isPresent()) {
            return shift;
        }
        RecentScores.Lead lead = recent.active(SERVED);
        if (servedWorse.sounds()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "the active version is worse than the source model: %+.3f ± %.3f on the last %d samples",
                    lead.mean(),
                    lead.error(),
                    lead.samples()));
        }
        return servedSince >= SERVED && !recent.sorted() && !(lead.mean() > 0)
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "the active version is no longer proven better than the source model: %+.3f ± %.3f on the last %d samples",
                        lead.mean(),
                        lead.error(),
                        lead.samples()))
                : servedSince < 0 ? Optional.empty() : turned();
    }

    /** Labels that come sorted by class are no turn: what serves may be ahead on one class and behind on the next. */
    private Optional<String> turned() {
        if (withdrawal == GateSettings.Withdrawal.BY_LEAD || recent.sorted()) {
            return Optional.empty();
        }
        return recent.turn(neededClasses)
                .map(turn -> String.format(
                        Locale.ROOT,
                        "the domain has changed, and the active version is behind the source model since: %+.3f ± %.3f on the last %d"
                                + " samples, %+.3f ± %.3f on the %d before",
                        turn.after().mean(),
                        turn.after().error(),
                        turn.after().samples(),
                        turn.before().mean(),
                        turn.before().error(),
                        turn.before().samples()));
    }

    /** Why training should begin again; empty when it may go on. */
    public Optional<String> trainedAstray() {
        if (!trainingWorse.sounds() || recent.sorted() || recent.classes(RECENT, CLASS_SAMPLES) < neededClasses) {
            return Optional.empty();
        }
        RecentScores.Lead lead = recent.candidate(RECENT);
        return Optional.of(String.format(
                Locale.ROOT,
                "training has become worse than the source model: %+.3f ± %.3f on the last %d samples",
                lead.mean(),
                lead.error(),
                lead.samples()));
    }

    /** A candidate that is proven better serves from now on. */
    public void promoted() {
        if (servedSince < 0) {
            servedSince = 0;
            servedWorse.silence();
        }
    }

    /** Another version serves from now on by an operator's choice: only what is proven worse is taken back from there. */
    public void chosen() {
        servedSince = -1;
        servedWorse.silence();
        trainingWorse.silence();
        better.forfeit();
        better.begin();
        sinceStart = 0;
        recent.clear();
    }

    /** Training began again from what is active. */
    public void restarted() {
        trainingWorse.silence();
    }

    /** Everything learnt is given up, the source model serves. The level goes on: what was bet is lost. */
    public void afresh() {
        chosen();
        counts.clear();
    }

    /** The label set is another one: what was seen of labels names classes that are not these. */
    public void relabelled() {
        afresh();
        labels.clear();
        window.clear();
        suspected = Optional.empty();
        sinceLook = 0;
    }

    public ProofState state() {
        return new ProofState(
                better.wealth(),
                better.starts(),
                sinceStart,
                trainingWorse.wealth(),
                servedWorse.wealth(),
                counts,
                recent.packed(),
                labels.state(),
                labels.pairs(),
                labels.centredPairs(),
                labels.likeness().state(),
                servedSince,
                window.state(),
                suspected,
                sinceLook);
    }

    public void restore(ProofState state) {
        better.restore(state.wealth(), state.starts());
        sinceStart = state.sinceStart();
        trainingWorse.restore(state.trainingWorse());
        servedWorse.restore(state.servedWorse());
        counts.clear();
        counts.putAll(state.classes());
        recent.restore(state.recent());
        labels.restore(state.labels(), state.labelPairs(), state.centredPairs(), state.likeness());
        window.restore(state.window());
        suspected = state.suspected();
        sinceLook = state.sinceLook();
        servedSince = state.servedSince();
    }
}
