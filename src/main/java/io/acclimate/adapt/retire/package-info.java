/**
 * What is left of domains that an operator has retired, and how the rest is removed.
 *
 * <p>In: the round that retires a domain ({@code Commands} in {@code adapt.domain}), and the states of domains in a restore. Out, in the
 * round's own transaction: tombstones for the domain's records on {@code adaptation-state} and {@code adaptation-starts}, and a {@link
 * io.acclimate.adapt.retire.Headstone} on both.
 *
 * <p>A headstone has the numbers that must not come again: of versions, which predictions name, of activations, which serving compares, and
 * of rounds, which are in the ids of events. It says as well up to where mini-batches belong to what was retired. A domain of which only that
 * is left has no worker, no session and no samples in memory.
 *
 * <p>Threads: the caller's. Owns nothing.
 */
@NullMarked
package io.acclimate.adapt.retire;

import org.jspecify.annotations.NullMarked;
