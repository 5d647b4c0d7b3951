package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.GraphNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainableSuffixTest {
    /** An operator that cannot be trained through, with that many products before and behind it. */
    private static ModelGraph model(int before, int behind) {
        return model(before, behind, -1);
    }

    /** @param again after how many products there is another such operator */
    private static ModelGraph model(int before, int behind, int again) {
        Random random = new Random(1);
        GraphBuilder graph = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 8, 8))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("v0"), Map.of());
        for (int i = 0; i < before + behind; i++) {
            String from = "v" + i;
            if (i == before || i == again) {
                graph.node("BitwiseNot", List.of(from), List.of("bad" + i), Map.of());
                from = "bad" + i;
            }
            graph.weight("w" + i, Networks.uniform(random, -1, 1, 3, 3))
                    .node("MatMul", List.of(from, "w" + i), List.of("v" + (i + 1)), Map.of());
        }
        String last = "v" + (before + behind);
        if (behind == 0) {
            graph.node("BitwiseNot", List.of(last), List.of("bad"), Map.of());
            last = "bad";
        }
        graph.node("Relu", List.of(last), List.of("y"), Map.of()).output("y", Shape.of(3));
        return Networks.graph("m", graph, "x", "y", ModelCard.OutputKind.LOGITS, 8, 3);
    }

    private static String after(ModelGraph model) {
        GraphPlan plan = new GraphPlan(model);
        GraphNode bad = TrainableSuffix.unknown(plan.leadingTo(plan.output())).orElseThrow();
        return TrainableSuffix.after(bad, model, plan, plan.features());
    }

    @Test
    void theLayersBehindTheOperatorAreNamed() {
        assertThat(after(model(1, 3))).isEqualTo("; train only what comes after it: trainable 'last:3' or 'head'");
        assertThat(after(model(2, 1))).isEqualTo("; train only what comes after it: trainable 'head'");
    }

    @Test
    void layersBeforeAnotherSuchOperatorDoNotCount() {
        assertThat(after(model(1, 3, 2))).isEqualTo("; train only what comes after it: trainable 'last:2' or 'head'");
    }

    @Test
    void behindTheLastLayerNothingCanBeTrained() {
        assertThat(after(model(2, 0))).isEqualTo("; no layer comes after it, so no part of this model can be trained");
    }

    @Test
    void theFirstUnknownOperatorIsFoundAndAKnownGraphHasNone() {
        GraphPlan bad = new GraphPlan(model(1, 1));
        GraphPlan good = new GraphPlan(Networks.leNet());

        assertThat(TrainableSuffix.unknown(bad.leadingTo(bad.output())))
                .hasValueSatisfying(node -> assertThat(node.type()).isEqualTo("BitwiseNot"));
        assertThat(TrainableSuffix.unknown(good.leadingTo(good.output()))).isEmpty();
    }
}
