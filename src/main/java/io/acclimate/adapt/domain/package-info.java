/**
 * The learning of one domain, without Kafka: a mini-batch or a command goes in, and a {@link
 * io.acclimate.adapt.domain.Round} comes out that says what one transaction has to write.
 *
 * <p>{@link io.acclimate.adapt.domain.DomainWorker} holds a domain's state, which is what a checkpoint holds, and three kinds of rounds change it:
 * of labelled samples, of images without labels, and of commands. A round of labelled samples scores them with the active version and the source
 * model (prequential accuracy), sets the holdout's share aside, trains on the new samples and on replayed ones, and judges the weight average on
 * the holdout. A candidate that is not promoted leaves no trace but its event.
 *
 * <p>A checkpoint is either a snapshot (weights, average, optimiser, random state, and which samples the replay buffer
 * and the holdout contain) or the list of mini-batches since the last snapshot. The same mini-batches give the same
 * versions bit for bit, so a restored worker trains those again.
 *
 * <p>Threads: a {@link io.acclimate.adapt.domain.DomainWorker} has one user. Owns: sessions and trainers of its domain.
 * No class here may import a Kafka client; the architecture test says so.
 */
@NullMarked
package io.acclimate.adapt.domain;

import org.jspecify.annotations.NullMarked;
