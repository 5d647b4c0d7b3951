/**
 * Model versions, weights and the active pointer on Kafka: write, verify, follow, promote, roll back.
 *
 * <p>In: weights and activations of the worker that owns a domain. Out: checked activations for whoever serves or shows them.
 *
 * <p>A version's weights go to {@code model-weights} in chunks of 512 KiB, all in the domain's partition; its record on
 * {@code model-versions} (key {@code DOMAIN/v/NUMBER}) says where they start, how many they are, and their SHA-256. The active
 * pointer (key {@code DOMAIN/active}) carries an epoch that only grows, so a late or repeated record changes nothing. All of it
 * is written inside the worker's transaction and read with read_committed.
 *
 * <p>A follower refuses weights that are missing, repeated, out of order or of another digest: the old version stays, the
 * refusal is counted and logged. Memory is bounded by the size that the version's record names.
 *
 * <p>Threads: {@link io.acclimate.registry.VersionFollower} has one of its own; {@link io.acclimate.registry.WeightReader} and
 * {@link io.acclimate.registry.VersionPublisher} belong to their caller's. Owns: its consumers; the producer is the caller's.
 */
@NullMarked
package io.acclimate.registry;

import org.jspecify.annotations.NullMarked;
