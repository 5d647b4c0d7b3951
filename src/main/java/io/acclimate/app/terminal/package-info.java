/**
 * Shows the progress of long work: a progress bar on a terminal, plain lines elsewhere.
 */
@NullMarked
package io.acclimate.app.terminal;

import org.jspecify.annotations.NullMarked;
