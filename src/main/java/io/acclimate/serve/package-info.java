/** The poll, decode, infer, produce loop and the swap. */
@NullMarked
package io.acclimate.serve;

import org.jspecify.annotations.NullMarked;
