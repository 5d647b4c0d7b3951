/**
 * The states that a partition's domains continue from, while they are restored one after the other.
 *
 * <p>In: the records of one partition of {@code adaptation-state}, in their order. Out: the domains that have a state, and the newest state of
 * the one that is asked for; for operators, a line about each.
 *
 * <p>Threads: the caller's. Owns: the file in which the parts of snapshots wait for their domain's turn.
 */
@NullMarked
package io.acclimate.adapt.states;

import org.jspecify.annotations.NullMarked;
