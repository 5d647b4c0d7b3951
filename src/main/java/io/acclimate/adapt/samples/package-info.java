/**
 * The samples that domains keep: which of those that were trained on, and where the pixels of all of them are.
 *
 * <p>In: decoded samples with their compact pixels. Out: the model's input rows, bit for bit, whenever a round needs them. {@link
 * io.acclimate.adapt.samples.ReplayBuffer} decides what is kept for replay; {@link io.acclimate.adapt.samples.SampleMemory} decides only whether
 * pixels are on the heap or on disk.
 *
 * <p>Threads: the worker's. Owns: a scratch file of the samples that do not fit the heap's share.
 */
@NullMarked
package io.acclimate.adapt.samples;

import org.jspecify.annotations.NullMarked;
