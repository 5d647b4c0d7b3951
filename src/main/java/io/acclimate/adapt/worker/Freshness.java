package io.acclimate.adapt.worker;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.MiniBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Chooses what a round spends, by how far the worker is behind and by how long the round would take. The effort is halved as often as the
 * more careful of two rules says.
 *
 * <p>Behind: each of {@value #SHARES} equal shares of the freshness target that has passed since the mini-batch was closed halves the effort
 * once. When no other mini-batch waits, nothing is gained by haste, and this rule halves nothing. This is a proportional controller. With
 * labels that come faster than the full effort allows, the worker falls behind until the halved effort keeps up with them, and stays there:
 * nine halvings make a round some hundred times as fast long before the target has passed.
 *
 * <p>Ahead: the steps of a round may take half of the freshness target, or the time from one mini-batch to the next, if that is longer and no other one
 * waits. A network whose step takes a third of a second would make steps for half a minute on its first labels, and labels that come meanwhile would
 * wait for it; a domain with a label a minute has that minute. The time between mini-batches, of whatever domain, is averaged with what it was before. So
 * is the time of a step, the median of the last round, by the geometric mean: it changes twofold with what else the machine does, and a hundredfold when
 * the machine sleeps. It falls by a quarter with each round that makes no step because of it, since nothing else would correct it then. Before the first round of a
 * process it is measured.
 *
 * <p>It fails when the cost that no effort changes (decoding, scoring) is more than there is time for.
 * The worker's thread only.
 */
final class Freshness {
    private static final int SHARES = 14;

    private final FreshnessSettings settings;
    private final Supplier<Duration> firstStep;
    private Optional<Duration> stepTime = Optional.empty();
    /** When the last mini-batch was closed for which steps may have been made: one of a paused domain, or without labels, takes no time from others. */
    private Optional<Instant> lastClosed = Optional.empty();
    /** Whether the time of a step, and not how late the mini-batch was, decided the last effort. */
    private boolean byTime;
    /** From one mini-batch to the next. */
    private Optional<Duration> interval = Optional.empty();

    /** @param firstStep measures how long a step takes; asked once, before the first round that makes steps */
    Freshness(FreshnessSettings settings, Supplier<Duration> firstStep) {
        this.settings = settings;
        this.firstStep = firstStep;
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
        double shares = SHARES
                * (double) behind.toMillis()
                / Math.max(1, settings.target().toMillis());
        return (int) Math.max(0, Math.min(Effort.MOST_HALVINGS, shares));
    }

    private boolean fits(int halvings, ToDoubleFunction<Effort> steps, Duration allowed) {
        return steps.applyAsDouble(new Effort(halvings))
                        * stepTime.orElse(Duration.ZERO).toNanos()
                <= allowed.toNanos();
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
}
