/**
 * Benchmarks that compare within one run: the limit of each stage alone, our service end to end, and what a user would write
 * instead. CPU time of this process is counted; the broker runs in a process of its own.
 */
@NullMarked
package io.acclimate.app.bench;

import org.jspecify.annotations.NullMarked;
