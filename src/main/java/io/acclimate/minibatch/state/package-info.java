/**
 * What {@code minibatch} keeps in its stores between records: served images by id, labels that wait for one, and samples that wait for
 * their mini-batch. Values are Protobuf messages of {@code minibatch_state.proto}; forms that earlier builds wrote are still read.
 *
 * <p>Threads: a store belongs to the stream task that opened it. Owns: the bytes of the stores.
 */
@NullMarked
package io.acclimate.minibatch.state;

import org.jspecify.annotations.NullMarked;
