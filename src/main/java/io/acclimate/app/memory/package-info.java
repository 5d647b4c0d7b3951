/**
 * What a process may use of the machine's memory, and what its role needs for a model.
 *
 * <p>In: the model, the settings of a role, and the limits of the JVM and the container. Out: a line for the log and for
 * {@code inspect}, or the reason why the role cannot start.
 *
 * <p>Threads: values alone. Owns: nothing.
 */
@NullMarked
package io.acclimate.app.memory;

import org.jspecify.annotations.NullMarked;
