/** Bytes to pixels, pixels to the model's input tensor; pure, and the same code for serving and training. */
@NullMarked
package io.acclimate.image;

import org.jspecify.annotations.NullMarked;
