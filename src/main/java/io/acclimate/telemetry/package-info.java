/** The meter catalogue and health answers. Owns Micrometer. */
@NullMarked
package io.acclimate.telemetry;

import org.jspecify.annotations.NullMarked;
