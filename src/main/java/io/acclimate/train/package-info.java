/** The trainable graph, losses, optimiser. Owns DJL. */
@NullMarked
package io.acclimate.train;

import org.jspecify.annotations.NullMarked;
