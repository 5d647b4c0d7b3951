/** Reads, normalises, patches and writes ONNX graphs, and the model card. Owns ONNX protobuf. */
@NullMarked
package io.acclimate.onnx;

import org.jspecify.annotations.NullMarked;
