package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Round;

/** Points in a round at which a test may end the worker. Called on its thread; what they throw suspends the partition. */
interface RoundHooks {
    RoundHooks NONE = new RoundHooks() {};

    /** The steps are done, and nothing is written. */
    default void trained(Round round) {}

    /** All of the round is written, and neither its offset nor the transaction is committed. */
    default void written(Round round) {}
}
