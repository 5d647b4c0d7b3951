/**
 * The Kafka Streams topology from labels to mini-batches.
 *
 * <p>In: {@code labels}, and {@code predictions} for labels without bytes. Out: {@code mini-batches}, keyed and partitioned by
 * domain and numbered from 0 without gaps in each domain; {@code dead-letters} for refused labels. Labels are validated, joined to
 * their images when they come without bytes, repartitioned by domain so that one task owns a domain, kept in a persistent store, and
 * flushed by count, bytes or time. All of this is one {@code exactly_once_v2} application: an accepted label is in exactly one
 * mini-batch, whatever is restarted.
 *
 * <p>The join: a prediction says which image has which id and where that image is on {@code images}. So an index of some 50 bytes for
 * each image is kept and no image is copied; the bytes are read from {@code images} when a label asks for them. Labels with bytes skip
 * the join. A label without bytes waits in a store until it is a sample or a dead letter. It waits longer while old predictions come
 * in after an outage. Rejected: a copy of the images in a store, which takes a hundred times the bytes; asking every partition for each
 * label, which costs as many questions as partitions; and one input task for labels and predictions, which would hold up all labels
 * until old predictions are read.
 *
 * <p>Rules: a label has a class in the header {@code label}, and its image's pixels as value or its image's id as key. Without a key,
 * the label's coordinates are the image id. Each accepted record with pixels is one sample, however late it comes; an image that is
 * labelled twice is two samples, since only the producer knows which label is right ({@code adapt} takes no picture for new evidence that
 * had a label before). A label without pixels is known to be of the same
 * image, and an image takes only one such label, the first. Whether pixels can be decoded is found out by {@code adapt}.
 *
 * <p>State: messages of {@code minibatch_state.proto}. Values that builds before it wrote are read, and replaced as they are used.
 *
 * <p>Threads: those of Kafka Streams. Any thread may call {@link io.acclimate.minibatch.MiniBatching}. Owns Kafka Streams and its
 * state directory.
 */
@NullMarked
package io.acclimate.minibatch;

import org.jspecify.annotations.NullMarked;
