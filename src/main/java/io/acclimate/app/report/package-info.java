/**
 * {@code report}: the adaptation of each domain as one HTML file with plots.
 *
 * <p>In: the topics of events and of versions, from their beginning to the end that they have when the command starts. Out: a file that
 * needs no network and no script. One thread reads, draws and ends.
 */
@NullMarked
package io.acclimate.app.report;

import org.jspecify.annotations.NullMarked;
