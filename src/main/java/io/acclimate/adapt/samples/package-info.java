/**
 * The pixels of the samples that domains keep for replay and in their holdouts.
 *
 * <p>In: the compact pixels of decoded samples. Out: the model's input rows, bit for bit, whenever a round needs them. What a domain
 * keeps is decided elsewhere; {@link io.acclimate.adapt.samples.SampleMemory} decides only whether it is on the heap or on disk.
 *
 * <p>Threads: the worker's. Owns: a scratch file of the samples that do not fit the heap's share.
 */
@NullMarked
package io.acclimate.adapt.samples;

import org.jspecify.annotations.NullMarked;
