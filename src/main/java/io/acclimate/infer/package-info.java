/**
 * Sessions, leases, scores: a model version ready to run, and the rules by which its native memory is freed.
 *
 * <p>In: a base graph and a version's weights. Out: raw scores of a batch, and classes with probabilities. Of
 * a model's frozen part, its features ({@link io.acclimate.infer.FeatureSession}).
 *
 * <p>A {@link io.acclimate.infer.SessionSlot} holds what is served; {@link io.acclimate.infer.Lease}s are counted borrows; a
 * swap is one atomic exchange, and the session that was exchanged is closed by its last lease. {@link
 * io.acclimate.infer.WarmUp} refuses a model before the swap.
 *
 * <p>Threads: any. One session may be run by several threads at once; ONNX Runtime's own threads are as many as
 * {@link io.acclimate.infer.SessionSettings} says and do not spin. Owns ONNX Runtime and its native memory.
 */
@NullMarked
package io.acclimate.infer;

import org.jspecify.annotations.NullMarked;
