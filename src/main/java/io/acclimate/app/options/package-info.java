/**
 * Options that several commands share: the cluster, its topics, the schema registry, the model, the optimiser, the loss, the web
 * server.
 *
 * <p>In: flags, environment and YAML, already merged by {@link io.acclimate.app.ConfiguredArguments}. Out: checked settings of other
 * rooms.
 */
@NullMarked
package io.acclimate.app.options;

import org.jspecify.annotations.NullMarked;
