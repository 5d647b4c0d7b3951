/**
 * The services as processes: {@code serve}, {@code minibatch}, {@code adapt} and {@code web}; and {@code up}, which runs all of them
 * and a broker in one process.
 *
 * <p>In: options. Out: a {@link io.acclimate.app.process.Node} of {@link io.acclimate.app.process.Role}s, started in order, asked for their
 * health by the web server, and closed in reverse order when a signal comes.
 *
 * <p>Threads: the main thread starts and waits; {@link io.acclimate.app.process.Shutdown} takes the signals. Owns: the order of start
 * and stop.
 */
@NullMarked
package io.acclimate.app.role;

import org.jspecify.annotations.NullMarked;
