/**
 * Decides whether a candidate becomes the active version.
 *
 * <p>In: {@link io.acclimate.gate.Evidence}, hits of candidate, active version and source model on the same samples. Out: a
 * {@link io.acclimate.core.GateDecision} with its reasons. Pure: the same evidence gives the same decision. Threads: any. Owns:
 * nothing. Part of the evidence is what a {@link io.acclimate.gate.Proof} lacks that training beats the source model: it is kept for each
 * domain, takes each labelled sample as it was scored before training, and also says when what serves has lost its proof.
 *
 * <p>When images get other labels than before, by right, the gate follows only once a third to a half of the holdout has them: from wrong
 * labels such a drift differs in nothing that a gate sees, so each label by which it were followed sooner is one less that an attack
 * needs. A smaller or ageing holdout would not help either: with 6,400 labels before the drift and three replayed steps to one, what
 * is served had half of the new labels right after 5,120 of them, with a holdout of 256 and of 160 samples alike, and hardly a
 * candidate was rejected; what holds on to the old labels is the replay buffer.
 */
@NullMarked
package io.acclimate.gate;

import org.jspecify.annotations.NullMarked;
