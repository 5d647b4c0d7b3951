package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.losses.OutputSemantics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphPlanTest {
    private static GraphPlan endingIn(String type) {
        GraphBuilder graph = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 8, 8))
                .weight("w", Networks.uniform(new Random(1), -1, 1, 3, 4))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w"), List.of("scores"), Map.of())
                .node(type, List.of("scores"), List.of("y"), Map.of())
                .output("y", Shape.of(4));
        return new GraphPlan(Networks.graph("m", graph, "x", "y", ModelCard.OutputKind.PROBABILITIES, 8, 4));
    }

    private static List<String> outputs(List<GraphNode> nodes) {
        return nodes.stream().map(node -> node.outputs().get(0)).toList();
    }

    @Test
    void theLossIsTakenBeforeALastSoftmaxOrSigmoid() {
        assertThat(endingIn("Softmax").logits()).isEqualTo("scores");
        assertThat(endingIn("Softmax").answers()).isEqualTo(OutputSemantics.ONE_CLASS);
        assertThat(endingIn("Sigmoid").logits()).isEqualTo("scores");
        assertThat(endingIn("Sigmoid").answers()).isEqualTo(OutputSemantics.EACH_CLASS);
    }

    @Test
    void probabilitiesFromSomethingElseAreTakenAsTheyAre() {
        assertThat(endingIn("Relu").logits()).isEqualTo("y");
        assertThat(endingIn("Relu").answers()).isEqualTo(OutputSemantics.PROBABILITIES);
    }

    @Test
    void logitsAreTheOutputOfAModelThatGivesThem() {
        GraphPlan plan = new GraphPlan(Networks.leNet());

        assertThat(plan.logits()).isEqualTo("logits").isEqualTo(plan.output());
        assertThat(plan.answers()).isEqualTo(OutputSemantics.ONE_CLASS);
    }

    @Test
    void featuresAreWhatTheLastLayerReads() {
        assertThat(new GraphPlan(Networks.leNet()).features()).isEqualTo("active2");
        assertThat(new GraphPlan(Networks.residual("Relu")).features()).isEqualTo("flat");
    }

    @Test
    void aLayerIsNamedByItsNodeOrByItsValue() {
        GraphPlan plan = new GraphPlan(Networks.residual("Relu"));

        assertThat(plan.layer("")).hasValue("flat");
        assertThat(plan.layer("n1")).hasValue("n1");
        assertThat(plan.layer("GlobalAveragePool_8")).hasValue("pooled");
        assertThat(plan.layer("p")).as("behind the logits").isEmpty();
        assertThat(plan.layer("nowhere")).isEmpty();
    }

    @Test
    void whatLeadsToAValueBeginsBehindTheFrontier() {
        GraphPlan plan = new GraphPlan(Networks.leNet());

        assertThat(outputs(plan.leadingTo("hidden2", Optional.of("pool2"))))
                .containsExactly("flat", "hidden1", "active1", "hidden2");
        assertThat(outputs(plan.leadingTo("pool1"))).containsExactly("conv1", "conv1.relu", "pool1");
    }

    @Test
    void theLastLayersBeginAtALayerWithAMatrixAndBringTheMovesOfTheirWeights() {
        ModelGraph model = moved();

        List<GraphNode> nodes = new GraphPlan(model).lastLayers(1);

        assertThat(outputs(nodes)).containsExactly("turned", "y");
    }

    /** A weight of the last product that is transposed before anything else. */
    private static ModelGraph moved() {
        Random random = new Random(1);
        GraphBuilder graph = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 8, 8))
                .weight("w1", Networks.uniform(random, -1, 1, 3, 3))
                .weight("w2", Networks.uniform(random, -1, 1, 4, 3))
                .node("Transpose", List.of("w2"), List.of("turned"), Map.of())
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w1"), List.of("hidden"), Map.of())
                .node("MatMul", List.of("hidden", "turned"), List.of("y"), Map.of())
                .output("y", Shape.of(4));
        return Networks.graph("m", graph, "x", "y", ModelCard.OutputKind.LOGITS, 8, 4);
    }
}
