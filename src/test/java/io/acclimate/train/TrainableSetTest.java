package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainableSetTest {
    private static SortedSet<String> resolved(String spec, ModelGraph model) {
        return TrainableSet.resolve(spec, new GraphPlan(model), model.weights());
    }

    private static FloatTensor floats(float... values) {
        return FloatTensor.wrap(Shape.of(values.length), values);
    }

    /** A pooled image, a scaled and masked arithmetic, a moved table, and a product. */
    private static ModelGraph arithmetic() {
        Random random = new Random(1);
        GraphBuilder graph = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 8, 8))
                .weight("scale", floats(1, 2, 3))
                .weight("half", floats(0.5f))
                .weight("mask", floats(0, -10_000, 0))
                .weight("table", Networks.uniform(random, -1, 1, 2, 3))
                .weight("w", Networks.uniform(random, -1, 1, 3, 4))
                .constant("second", 1)
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("Mul", List.of("f", "scale"), List.of("a"), Map.of())
                .node("Mul", List.of("a", "half"), List.of("b"), Map.of())
                .node("Add", List.of("b", "mask"), List.of("c"), Map.of())
                .node("Gather", List.of("table", "second"), List.of("row"), Map.of())
                .node("Add", List.of("c", "row"), List.of("d"), Map.of())
                .node("MatMul", List.of("d", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(4));
        return Networks.graph("m", graph, "x", "y", ModelCard.OutputKind.LOGITS, 8, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "head", "norm", "last:1", "last:9999", "name:conv.*", "name:"})
    void aSpecificationOfTheFiveFormsPasses(String spec) {
        assertThatCode(() -> TrainableSet.check(spec)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "All", "last:0", "last:-1", "last:10000", "last:", "heads"})
    void anyOtherIsRefusedWithWhatItWas(String spec) {
        assertThatThrownBy(() -> TrainableSet.check(spec))
                .hasMessage("trainable must be all, head, last:N, norm or name:REGEX, got '" + spec + "'");
    }

    @Test
    void aPatternThatIsNoneIsRefused() {
        assertThatThrownBy(() -> TrainableSet.check("name:(")).hasMessageContaining("'name:(' is no valid pattern");
    }

    @Test
    void batchStatisticsAreNoParameters() {
        assertThat(resolved("all", Networks.residual("Relu")))
                .containsExactly("a.scale", "a.shift", "a.w", "b.scale", "b.shift", "b.w", "head.b", "head.w", "stem");
    }

    @Test
    void normNamesScaleAndShiftOfTheNormalisations() {
        assertThat(resolved("norm", Networks.residual("Relu")))
                .containsExactly("a.scale", "a.shift", "b.scale", "b.shift");
    }

    @Test
    void layersAreCountedFromTheEnd() {
        ModelGraph lenet = Networks.leNet();

        assertThat(resolved("head", lenet)).containsExactly("fc3.bias", "fc3.weight");
        assertThat(resolved("last:2", lenet)).containsExactly("fc2.bias", "fc2.weight", "fc3.bias", "fc3.weight");
        assertThat(resolved("last:99", lenet)).isEqualTo(resolved("all", lenet));
    }

    @Test
    void aPatternIsFoundAnywhereInTheName() {
        assertThat(resolved("name:2\\.", Networks.leNet()))
                .containsExactly("conv2.bias", "conv2.weight", "fc2.bias", "fc2.weight");
        assertThat(resolved("name:nothing", Networks.leNet())).isEmpty();
    }

    @Test
    void numbersAndMasksOfArithmeticAreNoParametersAndAMovedTableIsOne() {
        assertThat(resolved("all", arithmetic())).containsExactly("scale", "table", "w");
    }

    @Test
    void statisticsFollowTheDataOnlyWhereTheNormalisationsAreTrained() {
        ModelGraph model = Networks.residual("Relu");
        GraphPlan plan = new GraphPlan(model);

        assertThat(TrainableSet.following("norm", plan, model.weights())).hasSize(2);
        assertThat(TrainableSet.following("all", plan, model.weights())).isEmpty();
    }
}
