/**
 * The command line: {@link io.acclimate.app.Main} lists the commands, {@link io.acclimate.app.ConfiguredOptions} gives
 * options their values from the environment and a YAML file. Each kind of command has a package of its own below; none of them knows
 * {@code Main}.
 */
@NullMarked
package io.acclimate.app;

import org.jspecify.annotations.NullMarked;
