/**
 * Model versions, weights and the active pointer on Kafka: write, verify, follow, promote, roll back.
 *
 * <p>In: weights and activations of the worker that owns a domain. Out: checked activations for the processes that serve or show
 * them.
 *
 * <p>A version's weights are written to {@code model-weights} in chunks of 512 KiB, all in the domain's partition. Its record on
 * {@code model-versions} (key {@code DOMAIN/v/NUMBER}) names the first chunk's place, the number of chunks, and their SHA-256. The
 * active pointer (key {@code DOMAIN/active}) has an epoch that only grows, so a late or repeated record changes nothing. All of
 * this is written in the worker's transaction and read with read_committed.
 *
 * <p>A follower refuses weights that are missing, repeated, out of order or of another digest. It then keeps the old version, and
 * counts and logs the refusal. Memory is bounded by the size that the version's record names.
 *
 * <p>Threads: {@link io.acclimate.registry.VersionFollower} has one of its own. {@link io.acclimate.registry.WeightReader} and
 * {@link io.acclimate.registry.VersionPublisher} run on their caller's. Owns: its consumers; the producer is the caller's.
 */
@NullMarked
package io.acclimate.registry;

import org.jspecify.annotations.NullMarked;
