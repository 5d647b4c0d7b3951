package io.acclimate.adapt.worker;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.MiniBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what a round spends, by how far the worker is behind and by how long the round would take. The effort is halved as often as the
 * more careful of two rules says.
 *
 * <p>Behind: each of {@value #SHARES} equal shares of the freshness target that has passed since the mini-batch was closed halves the effort
 * once. It is a proportional controller: where labels come faster than the full effort allows, the worker falls behind until the halved effort keeps
 * up, and stays there. When no other mini-batch waits, nothing is gained by haste, and this rule halves nothing.
 *
 * <p>Ahead: the steps of a round may take half of the freshness target, or the usual time from one mini-batch to the next, of whatever domain, if that
 * is longer and no other one waits. The time of a step is the median of the last round, averaged with what it was before by the geometric mean: it
 * changes twofold with what else the machine does, and a hundredfold when the machine sleeps. It falls by a quarter with each round that makes no
 * step because of it, since nothing else would correct it then. Before the first round of a process it is measured.
 *
 * <p>Beyond that, where labels come faster than they can be scored, mini-batches are left out, so that the backlog does not grow for ever: when those
 * that wait would take N times {@value #PATIENCE} targets at the least effort, one of N, rounded up, is learnt from. A hash of domain and number
 * chooses it, so that all labels have the same chance. The time of a round is the mean of the last {@value Backlog#ROUNDS} of the least effort but the
 * longest, which may be the first of a cold process; before there are so many, nothing is left out.
 *
 * <p>It fails when rounds that cannot be left out (of images without labels, of paused domains) are more than there is time for. The worker's thread
 * only. Measured, with what was rejected, in {@code findings/decisions/freshness.md}.
 */
final class Freshness {
    private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);

    private static final int SHARES = 14;
    /** So many times the target may be needed for what waits: 5 minutes by default. */
    private static final int PATIENCE = 60;

    private final FreshnessSettings settings;
    private final Supplier<Duration> firstStep;
    private Optional<Duration> stepTime = Optional.empty();
    /** When the last mini-batch was closed for which steps may have been made: one of a paused domain, or without labels, takes no time from others. */
    private Optional<Instant> lastClosed = Optional.empty();
    /** Whether the time of a step, and not how late the mini-batch was, decided the last effort. */
    private boolean byTime;
    /** From one mini-batch to the next. */
    private Optional<Duration> interval = Optional.empty();

    private final Backlog backlog;
    /** Whether the last mini-batch could have been left out. */
    private boolean couldBeLeftOut;

    /** @param firstStep measures how long a step takes; asked once, before the first round that makes steps */
    Freshness(FreshnessSettings settings, Supplier<Duration> firstStep) {
        this.settings = settings;
        this.firstStep = firstStep;
        this.backlog = new Backlog(PATIENCE * nanos(settings.target()));
    }

    /**
     * True when the mini-batch is to be left out. Otherwise {@link #effort} says what to spend on it.
     *
     * @param waiting at least so many others wait; asked only for one that is late
     * @param steps how many steps an effort makes for the mini-batch, on average; none for images without labels, or while training is paused
     */
    boolean leavesOut(MiniBatch batch, Instant now, LongSupplier waiting, ToDoubleFunction<Effort> steps) {
        couldBeLeftOut = !settings.target().isZero() && steps.applyAsDouble(Effort.FULL) > 0;
        if (!couldBeLeftOut) {
            return false;
        }
        boolean late = Duration.between(batch.closedAt(), now).compareTo(settings.target()) > 0;
        boolean leftOut = backlog.leavesOut(batch, late ? waiting.getAsLong() : 0, now);
        if (leftOut) {
            came(batch);
            byTime = false;
        }
        return leftOut;
    }

    /**
     * The effort for a mini-batch.
     *
     * @param waiting whether another mini-batch waits; asked only for one that is late, or that would take long
     * @param steps how many steps an effort makes for the mini-batch, on average
     */
    Effort effort(MiniBatch batch, Instant now, BooleanSupplier waiting, ToDoubleFunction<Effort> steps) {
        if (settings.target().isZero()) {
            return Effort.FULL;
        }
        if (steps.applyAsDouble(Effort.FULL) > 0) {
            came(batch);
        }
        byTime = false;
        Optional<Boolean> asked = Optional.empty();
        int behind = halvings(Duration.between(batch.closedAt(), now));
        if (behind > 0) {
            asked = Optional.of(waiting.getAsBoolean());
            behind = asked.get() ? behind : 0;
        }
        Duration allowed = settings.target().dividedBy(2);
        if (steps.applyAsDouble(new Effort(behind)) == 0) {
            return new Effort(behind);
        }
        if (stepTime.isEmpty()) {
            stepTime = Optional.of(firstStep.get());
        }
        if (fits(behind, steps, allowed)) {
            return new Effort(behind);
        }
        Duration until = interval.orElse(Duration.ZERO);
        if (until.compareTo(allowed) > 0 && !asked.orElseGet(waiting::getAsBoolean)) {
            allowed = until;
        }
        int halvings = behind;
        while (halvings < Effort.MOST_HALVINGS && !fits(halvings, steps, allowed)) {
            halvings++;
        }
        byTime = halvings > behind;
        return new Effort(halvings);
    }

    /** Of the first mini-batch, only how long it took to gather it is known. */
    private void came(MiniBatch batch) {
        Duration since = Duration.between(lastClosed.orElse(batch.openedAt()), batch.closedAt());
        Duration last = since.isNegative() ? Duration.ZERO : since;
        interval = Optional.of(interval.orElse(last).plus(last).dividedBy(2));
        lastClosed = Optional.of(batch.closedAt());
    }

    /** For how long a round may wait for others, which are then committed with it: a delay that halves no effort. */
    Duration patience() {
        return settings.target().dividedBy(SHARES);
    }

    private int halvings(Duration behind) {
        double shares = SHARES * nanos(behind) / nanos(settings.target());
        return (int) Math.max(0, Math.min(Effort.MOST_HALVINGS, shares));
    }

    private boolean fits(int halvings, ToDoubleFunction<Effort> steps, Duration allowed) {
        return steps.applyAsDouble(new Effort(halvings)) * nanos(stepTime.orElse(Duration.ZERO)) <= nanos(allowed);
    }

    /** {@link Duration#toNanos} refuses more than 292 years, and a user may mean "never" by a target. */
    private static double nanos(Duration duration) {
        return 1e9 * duration.getSeconds() + duration.getNano();
    }

    /** Takes how long each step of a round took. */
    void spent(List<Duration> steps) {
        if (steps.isEmpty() && byTime) {
            stepTime = stepTime.map(time -> time.multipliedBy(3).dividedBy(4));
        } else if (!steps.isEmpty()) {
            double median =
                    steps.stream().sorted().toList().get(steps.size() / 2).toNanos();
            double before = stepTime.map(Duration::toNanos).orElse((long) median);
            stepTime = Optional.of(Duration.ofNanos((long) Math.sqrt(before * median)));
        }
    }

    /**
     * Takes how long a round took.
     *
     * @param steps of it
     */
    void took(Effort effort, Duration round, List<Duration> steps) {
        if (couldBeLeftOut && effort.equals(Effort.LEAST)) {
            backlog.took(steps.stream().reduce(round, Duration::minus));
        }
    }

    /** Compares what waits with the time that there is for it. */
    private static final class Backlog {
        static final int ROUNDS = 16;
        private static final int LAST = 100;
        private static final Duration SILENCE = Duration.ofMinutes(1);

        private final double patienceNanos;
        /** How long the last rounds of the least effort took without their steps. */
        private final Deque<Duration> rounds = new ArrayDeque<>();
        /** Which of the last mini-batches were left out. */
        private final Deque<Boolean> last = new ArrayDeque<>();

        private Optional<Instant> told = Optional.empty();

        Backlog(double patienceNanos) {
            this.patienceNanos = patienceNanos;
        }

        void took(Duration round) {
            rounds.add(round.isNegative() ? Duration.ZERO : round);
            if (rounds.size() > ROUNDS) {
                rounds.remove();
            }
        }

        private double nanosOfARound() {
            long longest = rounds.stream().mapToLong(Duration::toNanos).max().orElse(0);
            double all = rounds.stream().mapToLong(Duration::toNanos).sum();
            return (all - longest) / (ROUNDS - 1);
        }

        boolean leavesOut(MiniBatch batch, long waiting, Instant now) {
            double time = rounds.size() < ROUNDS ? 0 : nanosOfARound() * waiting;
            int oneOf = (int) Math.ceil(time / patienceNanos);
            boolean leftOut = oneOf > 1 && !isKept(oneOf, batch);
            last.add(leftOut);
            if (last.size() > LAST) {
                last.remove();
            }
            if (leftOut) {
                tell(oneOf, waiting, now);
            }
            return leftOut;
        }

        /**
         * By another hash than that of the watched numbers, or the kept mini-batches would be those that cost most; and another one for each domain, or the first
         * mini-batches of all domains would be left out together.
         */
        private static boolean isKept(int oneOf, MiniBatch batch) {
            return Effort.isOneOf(
                    oneOf, SplitMix64.of(~batch.sequence(), batch.domain()).next());
        }

        private void tell(int oneOf, long waiting, Instant now) {
            if (told.isPresent() && Duration.between(told.get(), now).abs().compareTo(SILENCE) < 0) {
                return;
            }
            told = Optional.of(now);
            LOG.warn(
                    "labels come faster than this machine can score them: {} mini-batches or more wait, each of which takes {} ms at the least"
                            + " effort; one of {} is learnt from, and {} of the last {} were left out. What helps: more instances of adapt"
                            + " (as many as there are partitions), a smaller network, or fewer labels",
                    waiting,
                    Math.round(nanosOfARound() / 1e6),
                    oneOf,
                    last.stream().filter(each -> each).count(),
                    last.size());
        }
    }
}
