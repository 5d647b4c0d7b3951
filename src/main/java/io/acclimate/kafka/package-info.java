/**
 * How we talk to Kafka: which clients are made and with which properties, how a bounded range of records is read, how
 * members of a group are told apart, how a predecessor's open transaction is ended, which rights a role needs, and how
 * topics are created and checked.
 *
 * <p>In: client properties of the user and {@link io.acclimate.wire.Topics}. Out: consumers, producers and answers about
 * the cluster. What is in the records is the contract's business, in {@code wire}.
 *
 * <p>Threads: each class says who may call it; a client has one user. Owns: the construction of clients, apart from
 * those that Kafka Streams makes for itself in {@code minibatch}.
 */
@NullMarked
package io.acclimate.kafka;

import org.jspecify.annotations.NullMarked;
