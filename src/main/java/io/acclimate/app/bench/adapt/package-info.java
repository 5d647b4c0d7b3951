/**
 * The suite of {@code bench adapt}: how well one domain is learnt, and what is served meanwhile, over streams, label qualities,
 * numbers of labels and networks.
 *
 * <p>In: a data set, networks, seeds. Out: one result for each cell, as a table, JSON and an HTML page. All that is random follows
 * from a cell's seed. Threads: the caller's.
 */
@NullMarked
package io.acclimate.app.bench.adapt;

import org.jspecify.annotations.NullMarked;
