/**
 * The commands of an operator: list versions, activate one, roll back, pause, resume, export, rebuild, tail, and handle dead letters.
 *
 * <p>In: a cluster and a domain. Out: control records, files, and readable lines. Each connects, acts, waits for the
 * answer that it needs, and ends.
 */
@NullMarked
package io.acclimate.app.verbs;

import org.jspecify.annotations.NullMarked;
