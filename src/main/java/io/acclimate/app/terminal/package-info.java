/**
 * What long work shows: a progress bar on a terminal, plain lines elsewhere.
 */
@NullMarked
package io.acclimate.app.terminal;

import org.jspecify.annotations.NullMarked;
