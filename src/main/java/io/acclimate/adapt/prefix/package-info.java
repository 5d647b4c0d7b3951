/**
 * The sessions that run the frozen parts of networks in training: a part that is no longer in use is kept for the next trainer, which
 * most often has the same.
 *
 * <p>In: rows. Out: the values at which the trainable part begins. Threads: the worker's. Owns: these sessions.
 */
@NullMarked
package io.acclimate.adapt.prefix;

import org.jspecify.annotations.NullMarked;
