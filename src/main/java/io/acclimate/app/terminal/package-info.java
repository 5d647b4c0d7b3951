/**
 * What a command writes for people and for programs: progress bars and colours on a terminal, plain lines elsewhere, tables, figures, and
 * JSON when it is asked for.
 */
@NullMarked
package io.acclimate.app.terminal;

import org.jspecify.annotations.NullMarked;
