/**
 * What is known of operators, and what is known of the values of a graph before it runs: element type, shape in terms of the
 * batch, and content where it can be computed.
 *
 * <p>Each operator of the ONNX standard is declared once, with its shape rule, in the class of its family ({@code LayerShapes},
 * {@code MovementShapes}, …); {@link io.acclimate.onnx.shape.StandardOperators} is the one table of these declarations, and every
 * pass asks it for an operator's {@link io.acclimate.onnx.shape.OperatorFacts}. How to compute an operator on arrays is not here but in the room {@code train}, which alone may use an array library.
 *
 * <p>Why the facts are here and not beside the computation: whether a graph's batch becomes dynamic depends on them, and so does
 * the digest that a version names as its base. A server and a worker must come to the same digest, and a server has no use for
 * training. Facts that the training room registered (by a service loader, or as an argument) would change what this room does by
 * what else is on the class path. Since the facts cover the whole standard, a further operator becomes trainable in one file of
 * {@code train.operators}, and no fact can be forgotten: tests hold the table against the list of the standard's operators.
 *
 * <p>Threads: facts are constants; an inference has one user.
 */
@NullMarked
package io.acclimate.onnx.shape;

import org.jspecify.annotations.NullMarked;
