/** The worker: score, train, gate, publish. */
@NullMarked
package io.acclimate.adapt;

import org.jspecify.annotations.NullMarked;
