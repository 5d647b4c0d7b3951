/**
 * Sends a data set to the topics as its people would: images at a rate, labels later, some of them wrong when asked.
 *
 * <p>In: labelled images and {@link io.acclimate.app.replay.ReplaySettings}. Out: records on {@code images} and {@code labels}. One
 * thread; the same seed sends the same records.
 */
@NullMarked
package io.acclimate.app.replay;

import org.jspecify.annotations.NullMarked;
