/**
 * Adaptation: score, train, gate, publish. The learning of one domain is in {@code adapt.domain}, which sees no Kafka, and the
 * pixels of the samples that it keeps are in {@code adapt.samples};
 * partitions, transactions and restore are in {@code adapt.worker}; making all versions again from the kept mini-batches
 * is in {@code adapt.rebuild}; when versions are published and which are kept is in {@code adapt.versions}.
 *
 * <p>The mini-batches topic must keep its records without limit, since restore and rebuild read samples from it again;
 * missing samples are skipped with one warning that counts them.
 */
@NullMarked
package io.acclimate.adapt;

import org.jspecify.annotations.NullMarked;
