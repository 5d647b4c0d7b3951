/**
 * The Kafka Streams topology from labels to mini-batches.
 *
 * <p>In: {@code labels}. Out: {@code mini-batches}, keyed and partitioned by domain, each domain's numbered from 0 without
 * gaps; {@code dead-letters} for what was refused. The flow: validate, repartition by domain so that one task owns a
 * domain, buffer in a persistent store, flush by count, bytes or time. All of it is one {@code exactly_once_v2}
 * application: an accepted label is in exactly one mini-batch, whatever is restarted.
 *
 * <p>Rules: a label needs its image's pixels as value and a class in header {@code label}. Without a key its coordinates are the
 * image id. Each accepted record is one sample, however late it comes; an image labelled twice is two samples, since only the
 * producer knows which is right. Whether pixels decode is known to {@code adapt}, which decodes them.
 *
 * <p>Threads: Kafka Streams' own. {@link io.acclimate.minibatch.MiniBatching} may be called from any. Owns Kafka Streams and its state directory.
 */
@NullMarked
package io.acclimate.minibatch;

import org.jspecify.annotations.NullMarked;
