/**
 * Reads data sets from disk and from the jar, and shifts them to other domains by name and seed.
 *
 * <ul>
 *   <li>In: IDX files (MNIST family), CIFAR-10/100 binary files, a folder per class; the bundled part of Fashion-MNIST.
 *   <li>Out: {@link io.acclimate.dataset.LabelledImages}, plain or shifted to a target domain; PNG files of them.
 *   <li>Threads: any; data sets are immutable.
 *   <li>Owns: the knowledge of the files' layouts, the shifts, and the bundled data with its notice.
 * </ul>
 */
@NullMarked
package io.acclimate.dataset;

import org.jspecify.annotations.NullMarked;
