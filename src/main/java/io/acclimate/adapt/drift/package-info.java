/**
 * Notices that a domain has changed, by the misses of its active version on labelled samples before they are trained on.
 *
 * <p>In: hits and misses of each mini-batch. Out: from which mini-batch on the domain is another one. Threads: the worker's alone. Owns
 * nothing; its state is part of the domain's checkpoint.
 */
@NullMarked
package io.acclimate.adapt.drift;

import org.jspecify.annotations.NullMarked;
