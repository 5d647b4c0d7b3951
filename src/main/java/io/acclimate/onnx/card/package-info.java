/**
 * The model card beside an ONNX file: input name, shape, layout, colour, normalisation, output and class names. It is
 * read strictly, guessed from the graph where there is none, and checked against the graph.
 *
 * <p>Threads: any; cards are immutable.
 */
@NullMarked
package io.acclimate.onnx.card;

import org.jspecify.annotations.NullMarked;
