/**
 * Sends a data set to the topics as producers would: images at a rate, and later their labels, some of them wrong if asked for.
 *
 * <p>In: labelled images and {@link io.acclimate.app.replay.ReplaySettings}. Out: records on {@code images} and {@code labels}. One
 * thread; the same seed sends the same records.
 */
@NullMarked
package io.acclimate.app.replay;

import org.jspecify.annotations.NullMarked;
