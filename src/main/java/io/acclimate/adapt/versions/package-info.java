/**
 * When a domain publishes a version, how it was made, which versions were active, and which it keeps. All are decided from the domain's state and the times of its mini-batches
 * alone, so that a restart and a rebuild decide the same.
 *
 * <p>In: candidates that the gate promotes, versions that were published. Out: why a candidate waits, and what is removed. Threads: the
 * worker's alone. Owns nothing; its state is part of the domain's checkpoint.
 */
@NullMarked
package io.acclimate.adapt.versions;

import org.jspecify.annotations.NullMarked;
