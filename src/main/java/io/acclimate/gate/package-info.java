/** Evidence to decision; pure. */
@NullMarked
package io.acclimate.gate;

import org.jspecify.annotations.NullMarked;
