/**
 * Notices that a domain has changed, by the misses of its active version on labelled samples before they are trained on, and tells by the
 * source model's answers what has changed: the shares of classes, the inputs, or what labels mean.
 *
 * <p>In: hits and misses of each mini-batch, with labels and answers. Out: from which mini-batch on the domain is another one, and in what. Threads: the worker's alone. Owns
 * nothing; its state is part of the domain's checkpoint.
 */
@NullMarked
package io.acclimate.adapt.drift;

import org.jspecify.annotations.NullMarked;
