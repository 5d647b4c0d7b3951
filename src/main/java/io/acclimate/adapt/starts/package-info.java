/**
 * States of domains with everything that they refer to, so that old mini-batches can be deleted.
 *
 * <p>In: {@code adaptation-starts}, one partition of it at a time. Out: which starts and which pass it has, the samples of a start, its state.
 *
 * <p>A checkpoint names the samples of replay buffer and holdout by their places on {@code mini-batches}, where they may be as old as the
 * domain. A start has these samples themselves, in the small form in which a worker keeps them. From time to time a worker writes one for each domain that has changed ({@code StartPass} in
 * {@code adapt.worker}); the mini-batches before the pass before that are needed by nobody any more: a restore finds older samples in the
 * start, since a sample that left a buffer never comes back to it, and a rebuild begins at the start.
 *
 * <p>Threads: the caller's. Owns nothing.
 */
@NullMarked
package io.acclimate.adapt.starts;

import org.jspecify.annotations.NullMarked;
