/**
 * The operators of the trainable graph: one method a node type, over DJL's NDArrays, so that autograd can differentiate
 * it.
 *
 * <p>In: a {@link io.acclimate.train.operators.Call}, which is a node with its evaluated inputs. Out: {@link
 * io.acclimate.train.operators.Value}s, either arrays or constants that are known before the run. {@link
 * io.acclimate.train.operators.OperatorTable} says which node types there are.
 *
 * <p>Threads: the trainer's. Owns: nothing; arrays belong to the manager of the step.
 */
@NullMarked
package io.acclimate.train.operators;

import org.jspecify.annotations.NullMarked;
