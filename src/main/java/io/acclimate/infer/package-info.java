/** Sessions, leases, scores. Owns ONNX Runtime. */
@NullMarked
package io.acclimate.infer;

import org.jspecify.annotations.NullMarked;
