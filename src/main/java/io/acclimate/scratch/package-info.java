/**
 * What a process keeps on disk because it is too much for memory, for as long as it runs.
 *
 * <p>In: bytes. Out: a place, and the same bytes again. Threads: one at a time. Owns: its file in the folder for temporary files.
 */
@NullMarked
package io.acclimate.scratch;

import org.jspecify.annotations.NullMarked;
