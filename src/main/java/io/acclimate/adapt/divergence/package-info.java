/**
 * Signs that training has failed, and how large its steps are since: a loss far above that of the version that serves, or one class for
 * all images, and the factor by which steps shrink then and grow again later.
 *
 * <p>In: outputs of the weights in training and of the active version. Out: a sign, and a factor. Threads: one user. Owns nothing.
 */
@NullMarked
package io.acclimate.adapt.divergence;

import org.jspecify.annotations.NullMarked;
