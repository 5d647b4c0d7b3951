/**
 * The vocabulary of a graph: nodes, attributes and constants, free of protobuf classes for other rooms, and the reason
 * why a file is refused.
 *
 * <p>Threads: any; all types are immutable.
 */
@NullMarked
package io.acclimate.onnx.node;

import org.jspecify.annotations.NullMarked;
