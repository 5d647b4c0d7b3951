/**
 * All that training draws at random: the generator of a domain, whose state is part of its checkpoint, how rows are shifted, how pictures are
 * changed, and which mini-batches a reduced effort trains on.
 *
 * <p>In: a seed or the state of a checkpoint. Out: numbers, which are the same for the same state. Threads: the worker's alone. Owns
 * nothing.
 */
@NullMarked
package io.acclimate.adapt.random;

import org.jspecify.annotations.NullMarked;
