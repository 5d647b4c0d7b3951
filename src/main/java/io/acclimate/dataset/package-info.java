/** Data sets on disk and in the jar (IDX, CIFAR binary, a folder per class), and named, seeded domain shifts. */
@NullMarked
package io.acclimate.dataset;

import org.jspecify.annotations.NullMarked;
