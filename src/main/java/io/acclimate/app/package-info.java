/** The command line, configuration, wiring, and the demo. */
@NullMarked
package io.acclimate.app;

import org.jspecify.annotations.NullMarked;
