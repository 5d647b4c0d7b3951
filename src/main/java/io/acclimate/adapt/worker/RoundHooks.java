package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Round;

/** Points in a round at which a test may interfere. Called on the worker's thread; an exception suspends the partition. */
interface RoundHooks {
    RoundHooks NONE = new RoundHooks() {};

    /** The steps are done and nothing is written yet. */
    default void trained(Round round) {}

    /** All results are written; neither the offset nor the transaction is committed yet. */
    default void written(Round round) {}
}
