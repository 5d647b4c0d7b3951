package io.acclimate.onnx.shape;

import io.acclimate.onnx.node.Attributes;
import java.util.function.IntUnaryOperator;

/** The element type that an operator gives, as ONNX numbers it; 0 where it cannot be told. */
@FunctionalInterface
interface ElementType {
    /** The first output has the first input's type. */
    ElementType OF_FIRST_INPUT = (attributes, inputs, output) -> output == 0 ? inputs.applyAsInt(0) : 0;

    /** The first output has the second input's type. */
    ElementType OF_SECOND_INPUT = (attributes, inputs, output) -> output == 0 ? inputs.applyAsInt(1) : 0;

    ElementType TRUTH = (attributes, inputs, output) -> output == 0 ? ValueFacts.BOOL : 0;
    ElementType INDEX = (attributes, inputs, output) -> output == 0 ? ValueFacts.INT64 : 0;

    /** The attribute {@code to} says it. */
    ElementType CAST = (attributes, inputs, output) -> output == 0 ? (int) attributes.integer("to", 0) : 0;

    /** A type that is not followed: quantised numbers, sequences, or what inner graphs give. */
    ElementType UNKNOWN = (attributes, inputs, output) -> 0;

    /** Only the second output is float32: the scale of a quantisation. */
    ElementType FLOAT_SECOND = (attributes, inputs, output) -> output == 1 ? ValueFacts.FLOAT : 0;

    int of(Attributes attributes, IntUnaryOperator inputs, int output);
}
