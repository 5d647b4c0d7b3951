package io.acclimate.adapt.worker;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Chooses what a round spends, by how far the worker is behind: the time since the mini-batch was closed. Each of {@value #SHARES} equal shares of the freshness
 * target that has passed halves the effort once more. When no other mini-batch waits, nothing is gained by haste, and the effort is full.
 *
 * <p>This is a proportional controller. With labels that come faster than the full effort allows, the worker falls behind until the halved
 * effort keeps up with them, and stays there: nine halvings make a round some hundred times as fast long before the
 * target has passed. Rejected alternative: a model of how long rounds take, since their time changes twofold with what else the machine
 * does. It fails when the cost that no effort changes (decoding, scoring, a transaction for each mini-batch) is more than there is time for.
 * The worker's thread only.
 */
final class Freshness {
    private static final int SHARES = 14;

    private final FreshnessSettings settings;

    Freshness(FreshnessSettings settings) {
        this.settings = settings;
    }

    /**
     * The effort for a mini-batch.
     *
     * @param behind the time since it was closed
     * @param waiting whether another mini-batch waits; asked only for one that is late
     */
    Effort effort(Duration behind, BooleanSupplier waiting) {
        if (behind.isNegative() || settings.target().isZero()) {
            return Effort.FULL;
        }
        double shares = SHARES
                * (double) behind.toMillis()
                / Math.max(1, settings.target().toMillis());
        return shares >= 1 && waiting.getAsBoolean()
                ? new Effort((int) Math.min(Effort.MOST_HALVINGS, shares))
                : Effort.FULL;
    }
}
