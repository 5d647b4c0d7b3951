/**
 * Decides whether a candidate becomes the active version.
 *
 * <p>In: {@link io.acclimate.gate.Evidence}, hits of candidate, active version and source model on the same samples. Out: a
 * {@link io.acclimate.core.GateDecision} with its reasons. Pure: the same evidence gives the same decision. Threads: any. Owns:
 * nothing.
 */
@NullMarked
package io.acclimate.gate;

import org.jspecify.annotations.NullMarked;
