package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.OperatorCase;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperatorFactsTest {
    private static final Path STANDARD = Path.of("src/test/resources/io/acclimate/onnx/standard-operators.txt");
    private static final FloatTensor TENSOR = floats(1, 2, 3);
    private static final FloatTensor NUMBER = floats(2);
    private static final FloatTensor MASK = floats(0, -10_000, 0);

    private static FloatTensor floats(float... values) {
        return FloatTensor.wrap(Shape.of(values.length), values);
    }

    private static Set<String> operatorsThat(Predicate<OperatorFacts> hold) {
        return StandardOperators.types().stream()
                .filter(type -> hold.test(StandardOperators.facts(type)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<long[]> folded(GraphNode node, ConstantTensor... operands) {
        return StandardOperators.facts(node.type())
                .fold(node, Stream.of(operands).map(Optional::of).toList())
                .map(ConstantTensor::longs);
    }

    private static GraphNode node(String type, Map<String, Object> attributes, int inputs) {
        return OperatorCase.node(
                type,
                17,
                attributes,
                IntStream.range(0, inputs).mapToObj(i -> "x" + i).toList(),
                List.of("y"));
    }

    private static ConstantTensor vector(long... values) {
        return ConstantTensor.ofLongs(Shape.of(values.length), values);
    }

    private static ConstantTensor scalar(long value) {
        return ConstantTensor.ofLongs(Shape.of(), new long[] {value});
    }

    @Test
    void factsNameEveryOperatorOfTheStandardAndNoOther() throws IOException {
        assertThat(StandardOperators.types()).containsExactlyInAnyOrderElementsOf(Files.readAllLines(STANDARD));
    }

    @Test
    void anOperatorOutsideTheStandardClaimsNothing() {
        OperatorFacts facts = StandardOperators.facts("Frobnicate");

        assertThat(facts).isSameAs(OperatorFacts.UNKNOWN).hasToString("unknown operator");
        assertThat(facts.isParameter(1, TENSOR)).isFalse();
        assertThat(facts.isSetting(5)).isFalse();
        assertThat(facts.extentInput()).isEmpty();
        assertThat(Arrays.stream(Trait.values()).filter(facts::is)).isEmpty();
        assertThat(facts.fold(node("Frobnicate", Map.of(), 1), List.of(Optional.of(vector(1)))))
                .isEmpty();
    }

    @Test
    void layersAreWhatMultipliesByAMatrix() {
        assertThat(operatorsThat(facts -> facts.is(Trait.LINEAR))).containsExactly("Conv", "Gemm", "MatMul");
    }

    @Test
    void trainableNormReachesFourNormalisations() {
        assertThat(operatorsThat(facts -> facts.is(Trait.NORMALIZES)))
                .containsExactly(
                        "BatchNormalization", "GroupNormalization", "InstanceNormalization", "LayerNormalization");
    }

    @Test
    void aWeightIsStillThatWeightBehindFiveMoves() {
        assertThat(operatorsThat(facts -> facts.is(Trait.MOVES)))
                .containsExactly("Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze");
    }

    @Test
    void aNewHeadMayStandBeforeWhatDoesTheSameToAllClasses() {
        assertThat(operatorsThat(facts -> facts.is(Trait.TREATS_CLASSES_ALIKE)))
                .contains("Softmax", "Sigmoid", "GlobalAveragePool")
                .doesNotContain("Gather", "MaxPool", "Conv", "ArgMax");
    }

    @Test
    void aTensorOfArithmeticIsAParameterUnlessItIsANumberOrAMask() {
        OperatorFacts add = StandardOperators.facts("Add");

        assertThat(add.isParameter(0, TENSOR)).isTrue();
        assertThat(add.isParameter(1, TENSOR)).isTrue();
        assertThat(add.isParameter(1, NUMBER)).isFalse();
        assertThat(add.isParameter(1, MASK)).isFalse();
        assertThat(add.isParameter(1, floats(0, -99))).isTrue();
        assertThat(add.isParameter(1, floats(0, -200, -300))).isTrue();
    }

    @Test
    void theDataOfALayerIsNoParameterAndNeitherAreStatistics() {
        assertThat(parameters("Conv", 4)).containsExactly(1, 2, 3);
        assertThat(parameters("MatMul", 2)).containsExactly(0, 1);
        assertThat(parameters("BatchNormalization", 5)).containsExactly(1, 2);
        assertThat(parameters("LSTM", 8)).containsExactly(1, 2, 3, 7);
        assertThat(parameters("Gather", 2)).containsExactly(0);
        assertThat(parameters("Relu", 1)).isEmpty();
    }

    private static List<Integer> parameters(String type, int inputs) {
        return IntStream.range(0, inputs)
                .filter(i -> StandardOperators.facts(type).isParameter(i, TENSOR))
                .boxed()
                .toList();
    }

    @Test
    void boundsPadsAndScalesAreSettings() {
        assertThat(operatorsThat(facts -> facts.isSetting(1)))
                .containsExactly(
                        "Clip",
                        "DequantizeLinear",
                        "Dropout",
                        "OneHot",
                        "Pad",
                        "QuantizeLinear",
                        "Range",
                        "Resize",
                        "Tile",
                        "Upsample");
        assertThat(operatorsThat(facts -> facts.isSetting(0))).containsExactly("Range");
    }

    @Test
    void extentsAreReadWhereTheOperatorTakesThem() {
        assertThat(operatorsThat(facts -> facts.extentInput().isPresent()))
                .containsExactly("ConstantOfShape", "Expand", "Pad", "RandomNormal", "Reshape", "Resize", "Tile");
        assertThat(StandardOperators.facts("Resize").extentInput()).hasValue(3);
        assertThat(StandardOperators.facts("ConstantOfShape").extentInput()).hasValue(0);
    }

    @Test
    void comparisonsAndIndicesAreNoFloatsAndADequantisedValueIsOne() {
        assertThat(givesFloat("Relu", 0, 0)).isTrue();
        assertThat(givesFloat("Relu", 0, 1)).isFalse();
        assertThat(givesFloat("Equal", 0, 0)).isFalse();
        assertThat(givesFloat("ArgMax", 0, 0)).isFalse();
        assertThat(givesFloat("NonMaxSuppression", 0, 0)).isFalse();
        assertThat(givesFloat("DequantizeLinear", 1, 0)).isTrue();
        assertThat(givesFloat("Where", 0, 0)).isFalse();
        assertThat(givesFloat("DynamicQuantizeLinear", 0, 0)).isFalse();
        assertThat(givesFloat("DynamicQuantizeLinear", 0, 1)).isTrue();
    }

    /** Where only input {@code floatInput} is float32. */
    private static boolean givesFloat(String type, int floatInput, int output) {
        return StandardOperators.facts(type)
                .givesFloat(new Attributes(List.of()), input -> input == floatInput ? ValueFacts.FLOAT : 0, output);
    }

    @Test
    void aCastGivesWhatItIsToldTo() {
        GraphNode toFloat = node("Cast", Map.of("to", 1L), 1);
        GraphNode toInteger = node("Cast", Map.of("to", 7L), 1);

        assertThat(StandardOperators.facts("Cast").givesFloat(toFloat.attributes(), input -> 0, 0))
                .isTrue();
        assertThat(StandardOperators.facts("Cast").givesFloat(toInteger.attributes(), input -> ValueFacts.FLOAT, 0))
                .isFalse();
    }

    @Test
    void shapeArithmeticIsFoldedOnNumbers() {
        assertThat(folded(node("Gather", Map.of(), 2), vector(7, 8, 9), vector(-1, 0)))
                .hasValue(new long[] {9, 7});
        assertThat(folded(node("Slice", Map.of(), 3), vector(7, 8, 9), vector(1), vector(99)))
                .hasValue(new long[] {8, 9});
        assertThat(folded(node("Concat", Map.of("axis", 0L), 2), vector(1), vector(2, 3)))
                .hasValue(new long[] {1, 2, 3});
        assertThat(folded(node("Mul", Map.of(), 2), vector(2, 3), scalar(4))).hasValue(new long[] {8, 12});
        assertThat(folded(node("Div", Map.of(), 2), scalar(-7), scalar(2))).hasValue(new long[] {-3});
    }

    @Test
    void aGatherByANumberGivesANumber() {
        Optional<ConstantTensor> got = StandardOperators.facts("Gather")
                .fold(node("Gather", Map.of(), 2), List.of(Optional.of(vector(7, 8)), Optional.of(scalar(1))));

        assertThat(got.orElseThrow().shape()).isEqualTo(Shape.of());
        assertThat(got.orElseThrow().longs()).containsExactly(8);
    }

    @Test
    void whatDoesNotFitOrIsNoShapeArithmeticIsLeftToTheOperator() {
        assertThat(folded(node("Gather", Map.of(), 2), vector(7, 8), vector(5))).isEmpty();
        assertThat(folded(node("Div", Map.of(), 2), scalar(1), scalar(0))).isEmpty();
        assertThat(folded(node("Cast", Map.of("to", 1L), 1), vector(1))).isEmpty();
        assertThat(folded(node("Relu", Map.of(), 1), vector(1))).isEmpty();
        assertThat(folded(node("Add", Map.of(), 1), vector(1))).isEmpty();
    }
}
