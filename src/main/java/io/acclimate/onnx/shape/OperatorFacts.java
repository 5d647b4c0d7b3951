package io.acclimate.onnx.shape;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Everything that is known of an operator of the ONNX standard except how to compute it: the shapes and integers it gives, its
 * element type, and what its inputs are. {@link StandardOperators} has them by the operator's name. An operator that is not of the
 * standard has the facts of {@link #UNKNOWN}, which never claim anything.
 */
public final class OperatorFacts {
    /** What is true of some operators and matters to a pass over the graph. */
    public enum Trait {
        /** Multiplies by a matrix of weights, so it counts as a layer. */
        LINEAR,
        /** A weight behind it is still that weight, in another arrangement. */
        MOVES,
        /** Normalises by statistics, so {@code trainable norm} names its parameters. */
        NORMALIZES,
        /** Gives the values of its first input, at most rounded, in another shape or type. */
        CARRIES_VALUES,
        /** Does the same to all classes, so it may follow a head for other classes. */
        TREATS_CLASSES_ALIKE
    }

    /** The shapes that the node's outputs have. It throws where it cannot tell. */
    @FunctionalInterface
    interface ShapeRule {
        List<Dim> of(NodeFacts node);
    }

    /** The integers of the first output, whose shape is given; empty where they cannot be told. */
    @FunctionalInterface
    interface ContentRule {
        Optional<List<Dim>> of(NodeFacts node, List<Dim> shape);
    }

    /** All that can be told of the outputs. It throws where it cannot tell. */
    @FunctionalInterface
    interface OutputRule {
        List<ValueFacts> of(NodeFacts node);
    }

    private static final ContentRule NO_CONTENT = (node, shape) -> Optional.empty();

    /** The facts of an operator that the standard does not have. */
    public static final OperatorFacts UNKNOWN = declare("").needs(0).facts();

    private final String type;
    private final OutputRule outputs;
    private final ContentRule content;
    private final ElementType elementType;
    private final ParameterRule parameters;
    private final int fewestInputs;
    private final int settingsFrom;
    private final int extentInput;
    private final Set<Trait> traits;

    private OperatorFacts(Declaration declared) {
        this.type = declared.type;
        this.outputs = declared.outputs;
        this.content = declared.content;
        this.elementType = declared.elementType;
        this.parameters = declared.parameters;
        this.fewestInputs = declared.fewestInputs;
        this.settingsFrom = declared.settingsFrom;
        this.extentInput = declared.extentInput;
        this.traits = Collections.unmodifiableSet(declared.traits);
    }

    /** Begins the facts of an operator. Without more said, its output has the first input's element type and no known shape. */
    static Declaration declare(String type) {
        return new Declaration(type);
    }

    /** The facts of one operator while its family writes them down. */
    static final class Declaration {
        private final String type;
        private OutputRule outputs = node -> List.of();
        private ContentRule content = NO_CONTENT;
        private ElementType elementType = ElementType.OF_FIRST_INPUT;
        private ParameterRule parameters = ParameterRule.NONE;
        private int fewestInputs = 1;
        private int settingsFrom = Integer.MAX_VALUE;
        private int extentInput = -1;
        private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

        private Declaration(String type) {
            this.type = type;
        }

        OperatorFacts facts() {
            return new OperatorFacts(this);
        }

        /** The operator has one output of this shape. */
        Declaration shape(ShapeRule rule) {
            outputs = node -> List.of(output(node, rule.of(node)));
            return this;
        }

        private ValueFacts output(NodeFacts node, List<Dim> shape) {
            Optional<List<Dim>> known =
                    content.of(node, shape).filter(list -> Dim.product(shape).isNumber(list.size()));
            int given = elementType.of(node.attributes(), at -> node.input(at).type(), 0);
            return new ValueFacts(given, Optional.of(shape), ValueFacts.isIntegral(given) ? known : Optional.empty());
        }

        /** The integers of the output that {@link #shape} gives. */
        Declaration content(ContentRule rule) {
            content = rule;
            return this;
        }

        /** Several outputs, or an output whose type and content follow from each other. */
        Declaration outputs(OutputRule rule) {
            outputs = rule;
            return this;
        }

        Declaration gives(ElementType type) {
            elementType = type;
            return this;
        }

        Declaration parameters(ParameterRule rule) {
            parameters = rule;
            return this;
        }

        /** The operator has no meaning with fewer inputs; 1 unless this is said. */
        Declaration needs(int inputs) {
            fewestInputs = inputs;
            return this;
        }

        /** The inputs from {@code input} on are settings such as bounds and pads, whatever their type, and no weights. */
        Declaration settingsFrom(int input) {
            settingsFrom = input;
            return this;
        }

        /** The input that says how large the output is: its extents, or for Tile and Upsample the factors. */
        Declaration extents(int input) {
            extentInput = input;
            return this;
        }

        Declaration is(Trait trait) {
            traits.add(trait);
            return this;
        }
    }

    /** What can be told of the node's outputs. It throws a runtime exception where nothing can. */
    List<ValueFacts> outputs(NodeFacts node) {
        return outputs.of(node);
    }

    /**
     * Computes an operator of shape arithmetic on integers that are known.
     *
     * @param operands by input; empty where the input is left out
     * @return empty where the operator is none of shape arithmetic or does not fit its operands
     */
    public Optional<ConstantTensor> fold(GraphNode node, List<Optional<ConstantTensor>> operands) {
        if (content == NO_CONTENT) {
            return Optional.empty();
        }
        List<ValueFacts> inputs = new ArrayList<>();
        operands.forEach(each -> inputs.add(each.map(ValueFacts::of).orElse(ValueFacts.NOTHING)));
        NodeFacts known = new NodeFacts(
                type, node.opset(), node.attributes(), inputs, node.outputs().size(), false);
        try {
            return outputs.of(known).get(0).toConstant();
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether an output is float32.
     *
     * @param inputType ONNX's number of each input's element type, 0 where it is not known
     */
    public boolean givesFloat(Attributes attributes, IntUnaryOperator inputType, int output) {
        return elementType.of(attributes, inputType, output) == ValueFacts.FLOAT;
    }

    /** Whether a weight at this input is a parameter, which training may change. */
    public boolean isParameter(int input, FloatTensor weight) {
        return parameters.holds(input, weight);
    }

    /** The number of inputs that a node of this operator has at least, over all opsets. */
    public int fewestInputs() {
        return fewestInputs;
    }

    /** Whether an initializer at this input is a setting and no weight. */
    public boolean isSetting(int input) {
        return input >= settingsFrom;
    }

    /** The input that says how large the output is. */
    public OptionalInt extentInput() {
        return extentInput < 0 ? OptionalInt.empty() : OptionalInt.of(extentInput);
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    String type() {
        return type;
    }

    @Override
    public String toString() {
        return type.isEmpty() ? "unknown operator" : type;
    }
}
