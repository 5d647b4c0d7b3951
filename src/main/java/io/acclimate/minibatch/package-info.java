/** The Kafka Streams topology from labels to mini-batches. Owns Kafka Streams. */
@NullMarked
package io.acclimate.minibatch;

import org.jspecify.annotations.NullMarked;
