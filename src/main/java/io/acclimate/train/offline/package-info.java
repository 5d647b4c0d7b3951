/**
 * Training over a data set outside the stream: epochs, augmentation, and the small network that {@code pretrain} begins
 * with.
 *
 * <p>In: {@link io.acclimate.train.Samples}. Out: weights and a report for each epoch.
 *
 * <p>Threads: the caller's.
 */
@NullMarked
package io.acclimate.train.offline;

import org.jspecify.annotations.NullMarked;
