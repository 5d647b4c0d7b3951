/**
 * What every process needs whatever its role is: the ordered start and stop, signals, free ports, the native heap, and
 * the embedded broker of a laptop.
 *
 * <p>Threads: the main thread starts and waits; {@link io.acclimate.app.process.Shutdown} takes the signals.
 */
@NullMarked
package io.acclimate.app.process;

import org.jspecify.annotations.NullMarked;
