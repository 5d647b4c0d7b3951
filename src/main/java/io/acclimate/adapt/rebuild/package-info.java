/**
 * Makes all versions of a domain again from the kept mini-batches and commands, and compares them with the published
 * ones, tensor by tensor.
 *
 * <p>In: the topics, read only. Out: a {@link io.acclimate.adapt.rebuild.RebuildReport} that says which versions are
 * equal and why the others differ. Nothing is written to Kafka.
 *
 * <p>Threads: the caller's.
 */
@NullMarked
package io.acclimate.adapt.rebuild;

import org.jspecify.annotations.NullMarked;
