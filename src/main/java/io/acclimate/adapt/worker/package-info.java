/**
 * The worker around the domains: partitions, transactions, restore.
 *
 * <p>In: {@code mini-batches} and {@code model-control}, the same partition numbers of both, read_committed. Out, in one
 * transaction for a record, or for several mini-batches that wait one behind the other: the new version with its weights and
 * activation when the gate promotes, the domain's checkpoint, adaptation events, dead letters, and the offset. The transactional id belongs to the partition,
 * so a new owner fences the old one and ends its open transaction at once.
 *
 * <p>A partition that the group gives is paused until its outbox is open and its domains are restored, one partition between two
 * polls. A restore may take as long as it makes progress; the worker polls meanwhile, so it stays a member.
 *
 * <p>A failure in one partition (a denied write, damaged weights) suspends that partition only: its transaction is aborted, the
 * consumer pauses it, and it is tried again from its last commit after 1 s and up to 30 s. A failure of the instance (its
 * membership, a fenced producer, an absent broker) restarts the whole worker.
 *
 * <p>Threads: one thread does everything except opening outboxes. Owns: its Kafka clients and the {@code DomainWorker}s
 * of its partitions.
 */
@NullMarked
package io.acclimate.adapt.worker;

import org.jspecify.annotations.NullMarked;
