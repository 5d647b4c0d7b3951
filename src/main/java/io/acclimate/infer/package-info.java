/**
 * Runs model versions in ONNX Runtime and frees their native memory when nobody uses them any more.
 *
 * <p>In: a base graph and a version's weights. Out: raw scores of a batch, and classes with probabilities; for the frozen part of a
 * model, its features ({@link io.acclimate.infer.FeatureSession}).
 *
 * <p>A {@link io.acclimate.infer.SessionSlot} holds the session that is served, and {@link io.acclimate.infer.Lease}s are counted
 * borrows of it. A swap is one atomic exchange, and the last lease closes the session that was replaced. {@link
 * io.acclimate.infer.WarmUp} refuses an unsuitable model before the swap.
 *
 * <p>Threads: any. One session may be run by several threads at once; ONNX Runtime has as many threads of its own
 * as {@link io.acclimate.infer.SessionSettings} says, and they do not spin. Owns ONNX Runtime and its native memory.
 */
@NullMarked
package io.acclimate.infer;

import org.jspecify.annotations.NullMarked;
