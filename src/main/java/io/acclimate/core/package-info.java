/**
 * The values that every room shares: ids, samples, predictions, versions, and the outcomes of work that can be refused.
 *
 * <p>In: nothing. Out: immutable records, each checked on entry. Threads: any; all types are immutable. Owns: the JDK only.
 *
 * <p>Byte arrays never stand in a record: {@link io.acclimate.core.Bytes} and {@link io.acclimate.core.FloatTensor} wrap them,
 * with {@code wrap} for the caller who gives the array away and {@code copyOf} for the one who keeps it.
 */
@NullMarked
package io.acclimate.core;

import org.jspecify.annotations.NullMarked;
