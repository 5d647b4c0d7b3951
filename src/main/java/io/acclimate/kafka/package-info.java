/**
 * How we talk to Kafka: which clients are made and with which properties, how a bounded range of records is read, how a
 * consumer takes part in its group, how a predecessor's open transaction is ended, which rights a role needs, and how topics are
 * created and checked.
 *
 * <p>In: the user's client properties and {@link io.acclimate.wire.Topics}. Out: consumers, producers and answers about
 * the cluster. The content of records belongs to the contract, in {@code wire}.
 *
 * <p>Threads: each class says who may call it; a client has one user. Owns: the construction of clients, except for those of
 * Kafka Streams in {@code minibatch}, of the embedded {@code broker}, and of the benchmark's comparison.
 */
@NullMarked
package io.acclimate.kafka;

import org.jspecify.annotations.NullMarked;
