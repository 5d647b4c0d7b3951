/**
 * The suite of {@code bench adapt}. It measures how well one domain is learnt and how accurate the served versions are meanwhile, for
 * each combination of a stream, a label quality, a number of labels and a network.
 *
 * <p>In: a data set, networks and seeds. Out: one result for each cell, as a table, as JSON and as an HTML page. A cell's seed decides
 * everything that is random. Threads: the caller's.
 */
@NullMarked
package io.acclimate.app.bench.adapt;

import org.jspecify.annotations.NullMarked;
