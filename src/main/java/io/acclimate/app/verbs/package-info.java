/**
 * The operator's verbs: what is active, make another version active, roll back, pause, resume, export, rebuild, tail, and dead letters.
 *
 * <p>In: a cluster and a domain. Out: control records, files, and readable lines. Each connects, acts, waits for the answer it needs, and
 * ends.
 */
@NullMarked
package io.acclimate.app.verbs;

import org.jspecify.annotations.NullMarked;
