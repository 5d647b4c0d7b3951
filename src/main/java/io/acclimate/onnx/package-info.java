/**
 * Reads, normalises, patches and writes ONNX graphs, and reads and writes the model card beside them.
 *
 * <p>In: {@code NAME.onnx} and {@code NAME.yaml}, or bytes. Out: {@link io.acclimate.onnx.ModelGraph}, an immutable normalised
 * graph: weights are named float initializers whatever the exporter did, external data is brought in, and the batch is dynamic
 * wherever that provably changes no answer (otherwise the rows of a run stay fixed);
 * and {@link io.acclimate.onnx.WeightDelta}, the changed tensors of a version. For another label set a graph gets a head of its
 * width ({@link io.acclimate.onnx.ModelGraph#withClasses}): a version changes values, never shapes, so the wider graph is a base
 * of its own, which every process makes alike from the model file and the class names. The part of a graph that no changing
 * weight reaches is a {@link io.acclimate.onnx.PrefixGraph}. A file that cannot be used is an
 * {@link io.acclimate.onnx.node.InvalidModelException} that names the file and the reason; external data outside the model's own
 * folder is refused before it is read.
 *
 * <p>Threads: any; all types are immutable except {@link io.acclimate.onnx.GraphBuilder}, which has one user. Owns: the ONNX
 * protobuf classes, which no other room sees.
 */
@NullMarked
package io.acclimate.onnx;

import org.jspecify.annotations.NullMarked;
