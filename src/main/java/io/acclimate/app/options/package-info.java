/**
 * Options that several commands share: the cluster, the topics' prefix, the model, the web server.
 *
 * <p>In: flags, environment and YAML, already merged by {@link io.acclimate.app.ConfiguredArguments}. Out: checked settings of other
 * rooms.
 */
@NullMarked
package io.acclimate.app.options;

import org.jspecify.annotations.NullMarked;
