/**
 * Passes that rewrite a graph: normalisation, a dynamic batch, another head, the frozen prefix cut off, the skeleton
 * without weights.
 *
 * <p>In and out: protobuf graphs; each pass answers with a new graph and leaves its input as it is.
 *
 * <p>Threads: a pass has one user.
 */
@NullMarked
package io.acclimate.onnx.rewrite;

import org.jspecify.annotations.NullMarked;
