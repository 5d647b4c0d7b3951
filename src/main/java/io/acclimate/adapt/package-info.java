/**
 * The worker: score, train, gate, publish.
 *
 * <p>In: {@code mini-batches} and {@code model-control}, the same partition numbers of both, read_committed. Out, in one
 * transaction a record: the new version with its weights and activation when the gate promotes, the domain's checkpoint
 * ({@code adaptation-state}), adaptation events, dead letters, and the record's offset.
 *
 * <p>A round: decode; score with the active version and the source model (prequential); set the holdout's share aside; one step on
 * the new samples and {@code replaySteps} on replayed ones, each with half a batch of the source set when there is one; judge the
 * weight average on the holdout. A candidate that is not promoted leaves no trace but its event. After too many rejections in a
 * row training starts again from the active version. While a domain is paused, its samples are scored and kept for later.
 *
 * <p>A checkpoint is a snapshot (weights, average, optimiser, random state, and which samples replay buffer and holdout have) every
 * {@code snapshotEvery} rounds, at a command, and when a worker stops in order; in between it is the mini-batches learnt from since,
 * some hundred bytes. After a kill or with a new assignment the snapshot is restored, the samples are read again from
 * {@code mini-batches}, and the rounds since are trained again: the same mini-batches give the same versions bit for bit. Where they
 * do not (other settings, another machine), training goes on from the active version, with a warning. For all that the mini-batches
 * topic must keep its records: samples that are gone are left out, with one warning that counts them. {@code Rebuild} does it for
 * all versions.
 *
 * <p>The transactional id is the partition's: its new owner fences the old one and ends its open transaction at once.
 *
 * <p>What fails in one partition (a write that is denied, an active version's weights that are damaged, a round) suspends that one:
 * {@code Shares} aborts its transaction, pauses it in the consumer, and tries it again from its last commit and checkpoints, after 1 s
 * and up to 30 s. The others train on; health, a meter and one line of the log name it. What is the instance's (its membership, a
 * fenced producer, a broker that is away while domains are restored) begins the whole worker again.
 *
 * <p>Threads: one does everything but open outboxes. Owns: its Kafka clients, sessions and trainers. Domains are independent: each has its own
 * {@code DomainWorker}.
 */
@NullMarked
package io.acclimate.adapt;

import org.jspecify.annotations.NullMarked;
