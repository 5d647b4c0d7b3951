/**
 * Pictures of the source set in the manner of a domain: which changes lead from a domain's pictures back to what the source model knows, and the
 * same changes the other way round.
 *
 * <p>In: labelled samples of a domain, and the source set. Out: labelled rows to train on, and counts that are part of a domain's checkpoint. Threads:
 * the worker's alone. Owns nothing.
 */
@NullMarked
package io.acclimate.adapt.translation;

import org.jspecify.annotations.NullMarked;
