/**
 * Trains any supported ONNX classifier: the normalised graph becomes a trainable one, node by node, with autograd. The
 * losses, the optimisers and the loop over a data set are here as well.
 *
 * <p>In: an {@link io.acclimate.onnx.ModelGraph}, labelled batches, {@link io.acclimate.train.TrainSettings}. Out: weights, their
 * average and the optimiser's state as {@link io.acclimate.onnx.WeightDelta}s, and a report per step. The same inputs give the
 * same bits on the same platform; a restored trainer continues as if it had never stopped.
 *
 * <p>What comes before the first weight in training is frozen: a {@link io.acclimate.train.PrefixRuntime}, which the caller has,
 * runs it, and only the rest becomes trainable.
 *
 * <p>A model that ends in a sigmoid answers for each class by itself: its loss is the binary cross-entropy on one-hot targets. Every
 * other model is trained by cross-entropy over its classes.
 *
 * <p>A new operator is a method of its family in {@code train.operators}, named in that class; nothing else changes.
 *
 * <p>Threads: a {@link io.acclimate.train.Trainer} has one user. The engine differentiates for one thread of a process at a
 * time, so steps of several trainers queue on one lock. Owns: DJL, its native memory (one manager per step), its thread count.
 */
@NullMarked
package io.acclimate.train;

import org.jspecify.annotations.NullMarked;
