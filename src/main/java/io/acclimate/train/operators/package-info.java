/**
 * The operators of the trainable graph: one method for each node type, over DJL's NDArrays, so that autograd can differentiate
 * it.
 *
 * <p>In: a {@link io.acclimate.train.operators.Call}, which is a node with its evaluated inputs. Out: {@link
 * io.acclimate.train.operators.Value}s, which are either arrays or constants that are known before the run. {@link
 * io.acclimate.train.operators.OperatorTable} joins the families.
 *
 * <p>To add an operator, write its method in the class of its family and name it in that class's {@code addTo}; then give
 * {@code OperatorSamples} a case, whose values and gradients a test checks. Its facts (parameters, settings, shape rule) are in
 * {@link io.acclimate.onnx.shape.StandardOperators}, which covers the whole standard. Integers of shape arithmetic never come here:
 * {@link io.acclimate.train.operators.Call#folded} computes them by the rules of that table, so that Gather and Slice on integers
 * are written once. They are folded in each run and not when the model is opened, because they may depend on the rows of the batch.
 *
 * <p>Threads: the trainer's. Owns: nothing; arrays belong to the manager of the step.
 */
@NullMarked
package io.acclimate.train.operators;

import org.jspecify.annotations.NullMarked;
