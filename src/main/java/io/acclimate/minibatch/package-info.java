/**
 * The Kafka Streams topology from labels to mini-batches.
 *
 * <p>In: {@code labels}, and {@code predictions} for labels without bytes. Out: {@code mini-batches}, keyed and partitioned by
 * domain, each domain's numbered from 0 without gaps; {@code dead-letters} for what was refused. The flow: validate, join those
 * without bytes, repartition by domain so that one task owns a domain, buffer in a persistent store, flush by count, bytes or time.
 * All of it is one {@code exactly_once_v2} application: an accepted label is in exactly one mini-batch, whatever is restarted.
 *
 * <p>The late join: {@code predictions} say which image has which id and where it stands in {@code images}, so an index of some 50
 * bytes each is kept and no image is copied; the bytes are read from {@code images} when a label asks for them. Labels with bytes
 * go past all that. A label without waits in a store until it is a sample or a dead letter; its wait is prolonged while predictions
 * come in that were made long before, after an outage. Rejected: a copy of the images in a store (a hundred times the bytes),
 * asking every partition for each label (as many labels as partitions), and one input task for labels and predictions, which holds
 * up all labels while predictions are caught up with.
 *
 * <p>Rules: a label has a class in header {@code label}, and its image's pixels as value or its id as key. Without a key its
 * coordinates are the image id. Each accepted record with pixels is one sample, however late it comes; an image labelled twice is
 * two samples, since only the producer knows which is right. Without pixels it is known to be the same image, which takes one
 * label, the first. Whether pixels decode is known to {@code adapt}, which decodes them.
 *
 * <p>Threads: Kafka Streams' own. {@link io.acclimate.minibatch.MiniBatching} may be called from any. Owns Kafka Streams and its
 * state directory.
 */
@NullMarked
package io.acclimate.minibatch;

import org.jspecify.annotations.NullMarked;
