/**
 * What is known of the values of a graph before it runs: element type, shape in terms of the batch, and content where it
 * can be computed. One shape rule for each node type.
 *
 * <p>Threads: an inference has one user.
 */
@NullMarked
package io.acclimate.onnx.shape;

import org.jspecify.annotations.NullMarked;
