/**
 * Decides whether a candidate becomes the active version.
 *
 * <p>In: {@link io.acclimate.gate.Evidence}, hits of candidate, active version and source model on the same samples. Out: a
 * {@link io.acclimate.core.GateDecision} with its reasons. Pure: the same evidence gives the same decision. Threads: any. Owns:
 * nothing. Part of the evidence is what a {@link io.acclimate.gate.Proof} lacks that training beats the source model: it is kept for each
 * domain, takes each labelled sample as it was scored before training, and also says when what serves has lost its proof.
 *
 * <p>When the same images rightly get other labels than before, the gate follows only when a third to a half of the holdout has the new labels:
 * it cannot tell such a drift from wrong labels, and if it followed sooner, an attack would need fewer of them. See {@code
 * findings/decisions/drift.md}.
 */
@NullMarked
package io.acclimate.gate;

import org.jspecify.annotations.NullMarked;
