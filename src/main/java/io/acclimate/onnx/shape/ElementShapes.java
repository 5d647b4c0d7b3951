package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Operators that work element by element: functions of one operand, arithmetic with broadcasting, and comparisons. */
final class ElementShapes {
    private ElementShapes() {}

    static List<Declaration> declared() {
        return Stream.of(functions(), arithmetic(), comparisons())
                .flatMap(each -> each)
                .toList();
    }

    private static Stream<Declaration> functions() {
        Stream<Declaration> plain = Stream.of(
                        "Tanh",
                        "Erf",
                        "Sqrt",
                        "Exp",
                        "Log",
                        "Abs",
                        "Reciprocal",
                        "Floor",
                        "Ceil",
                        "Softplus",
                        "Softsign",
                        "Mish",
                        "HardSwish",
                        "HardSigmoid",
                        "LeakyRelu",
                        "Elu",
                        "Celu",
                        "Selu",
                        "Gelu")
                .map(ElementShapes::same);
        Stream<Declaration> alike = Stream.of(
                        same("Relu"),
                        same("Sigmoid"),
                        same("Clip").settingsFrom(1),
                        same("Dropout").settingsFrom(1).is(Trait.CARRIES_VALUES),
                        same("Cast")
                                .content(ElementShapes::cast)
                                .gives(ElementType.CAST)
                                .is(Trait.CARRIES_VALUES),
                        same("Identity")
                                .content((node, shape) -> node.input(0).content())
                                .is(Trait.CARRIES_VALUES))
                .map(each -> each.is(Trait.TREATS_CLASSES_ALIKE));
        Stream<Declaration> updated = Stream.of("Sign", "Round", "ThresholdedRelu", "ScatterND", "ScatterElements")
                .map(type -> OperatorFacts.declare(type).shape(ElementShapes::updated));
        Stream<Declaration> integral = Stream.of(
                same("Neg").content(each(of -> Dim.of(0).minus(of))),
                same("Not").content(each(IntegerArithmetic::not)).gives(ElementType.TRUTH));
        return Stream.of(plain, alike, updated, integral).flatMap(each -> each);
    }

    private static Stream<Declaration> arithmetic() {
        return Stream.of(
                together("Add").content(IntegerArithmetic.binary(Dim::plus)).parameters(ParameterRule.OPERAND),
                together("Sub").content(IntegerArithmetic.binary(Dim::minus)),
                together("Mul").content(IntegerArithmetic.binary(Dim::times)).parameters(ParameterRule.OPERAND),
                together("Div").content(IntegerArithmetic.binary(Dim::over)),
                together("Mod").content(ElementShapes::modulo),
                together("Min")
                        .needs(1)
                        .content(IntegerArithmetic.binary((a, b) -> IntegerArithmetic.pick(a, b, a.lessThan(b)))),
                together("Max")
                        .needs(1)
                        .content(IntegerArithmetic.binary((a, b) -> IntegerArithmetic.pick(b, a, a.lessThan(b)))),
                together("Pow"),
                together("Sum").needs(1),
                together("Mean").needs(1),
                together("PRelu").parameters(ParameterRule.AFTER_DATA),
                together("Where").needs(3).content(ElementShapes::where).gives(ElementType.OF_SECOND_INPUT));
    }

    private static Stream<Declaration> comparisons() {
        return Stream.of(
                        together("Equal").content(IntegerArithmetic.binary(Dim::equalTo)),
                        together("Less").content(IntegerArithmetic.binary(Dim::lessThan)),
                        together("Greater").content(IntegerArithmetic.binary((a, b) -> b.lessThan(a))),
                        together("LessOrEqual")
                                .content(IntegerArithmetic.binary((a, b) -> IntegerArithmetic.not(b.lessThan(a)))),
                        together("GreaterOrEqual")
                                .content(IntegerArithmetic.binary((a, b) -> IntegerArithmetic.not(a.lessThan(b)))),
                        together("And").content(IntegerArithmetic.binary(Dim::times)),
                        together("Or")
                                .content(IntegerArithmetic.binary((a, b) -> IntegerArithmetic.not(
                                        IntegerArithmetic.not(a).times(IntegerArithmetic.not(b))))),
                        together("Xor"))
                .map(each -> each.gives(ElementType.TRUTH));
    }

    private static Declaration same(String type) {
        return OperatorFacts.declare(type).shape(node -> node.shape(0));
    }

    private static Declaration together(String type) {
        return OperatorFacts.declare(type).shape(ElementShapes::together).needs(2);
    }

    private static List<Dim> together(NodeFacts node) {
        List<List<Dim>> shapes = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            shapes.add(node.shape(i));
        }
        return broadcast(shapes);
    }

    /** The shape that operands broadcast to. */
    static List<Dim> broadcast(List<List<Dim>> shapes) {
        int rank = shapes.stream().mapToInt(List::size).max().orElse(0);
        List<Dim> to = new ArrayList<>(Collections.nCopies(rank, Dim.ONE));
        for (List<Dim> shape : shapes) {
            for (int i = 0; i < shape.size(); i++) {
                int at = rank - shape.size() + i;
                to.set(at, extent(to.get(at), shape.get(i)));
            }
        }
        return to;
    }

    private static Dim extent(Dim a, Dim b) {
        if (a.isNumber(1) || a.equals(b)) {
            return b;
        }
        if (b.isNumber(1)) {
            return a;
        }
        // Something unknown fits a number above 1 only as that number or as 1.
        return !a.isKnown() && b.isNumber() ? b : a.isNumber() && !b.isKnown() ? a : Dim.UNKNOWN;
    }

    /** Updates at known places. They must not write into the batch, since then one row might see another. */
    private static List<Dim> updated(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        if (node.proving() && node.inputs().size() > 1 && shape.stream().anyMatch(Dim::isBatch)) {
            throw new IllegalArgumentException("writes into the batch");
        }
        return shape;
    }

    private static OperatorFacts.ContentRule each(UnaryOperator<Dim> function) {
        return (node, shape) ->
                node.input(0).content().map(list -> list.stream().map(function).toList());
    }

    private static Optional<List<Dim>> modulo(NodeFacts node, List<Dim> shape) {
        return node.attributes().integer("fmod", 0) == 0
                ? IntegerArithmetic.binary(Dim::modulo).of(node, shape)
                : Optional.empty();
    }

    private static Optional<List<Dim>> cast(NodeFacts node, List<Dim> shape) {
        long to = node.attributes().integer("to", 0);
        return node.input(0).content().map(list -> list.stream()
                .map(each -> to == ValueFacts.BOOL
                        ? IntegerArithmetic.not(each.equalTo(Dim.of(0)))
                        : to == ValueFacts.INT32 ? narrow(each) : each)
                .toList());
    }

    private static Dim narrow(Dim each) {
        return each.factor() == (int) each.factor() ? each : Dim.UNKNOWN;
    }

    private static Optional<List<Dim>> where(NodeFacts node, List<Dim> shape) {
        if (!IntegerArithmetic.countable(node, shape)) {
            return Optional.empty();
        }
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < IntegerArithmetic.size(shape); i++) {
            int[] at = IntegerArithmetic.coordinates(i, shape);
            out.add(IntegerArithmetic.pick(
                    IntegerArithmetic.broadcast(node.input(1), at),
                    IntegerArithmetic.broadcast(node.input(2), at),
                    IntegerArithmetic.broadcast(node.input(0), at)));
        }
        return Optional.of(out);
    }
}
