/**
 * The values that all rooms share: ids, samples, predictions, versions, and the outcomes of work that can be refused.
 *
 * <p>In: nothing. Out: immutable records, each checked on entry. Threads: any; all types are immutable. Owns: the JDK only.
 *
 * <p>Records have no array components. {@link io.acclimate.core.Bytes} and {@link io.acclimate.core.FloatTensor} wrap arrays:
 * {@code wrap} is for a caller that does not use the array afterwards, and {@code copyOf} for a caller that keeps it.
 */
@NullMarked
package io.acclimate.core;

import org.jspecify.annotations.NullMarked;
