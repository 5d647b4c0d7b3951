/**
 * Options that several commands share: the cluster, its topics, the schema registry, the model, the optimiser, the loss, the web
 * server.
 *
 * <p>In: flags, environment and YAML, by {@link io.acclimate.app.ConfiguredOptions}; each default comes from the settings record of the
 * room that it belongs to, as the initial value of the option's field. Out: checked settings of other rooms.
 */
@NullMarked
package io.acclimate.app.options;

import org.jspecify.annotations.NullMarked;
