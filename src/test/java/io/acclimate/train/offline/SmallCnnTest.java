package io.acclimate.train.offline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.Networks;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallCnnTest {
    private static final ModelGraph MODEL = SmallCnn.fresh("small", Networks.classes(7), 5);

    @Test
    void itHasTheClassicLayers() {
        assertThat(MODEL.nodes())
                .extracting(GraphNode::type)
                .containsExactly(
                        "Conv", "Relu", "MaxPool", "Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Relu", "Gemm", "Relu",
                        "Gemm");
        assertThat(MODEL.weights().values().stream()
                        .mapToLong(each -> each.shape().elements())
                        .sum())
                .as("parameters, with 7 classes")
                .isEqualTo(456 + 2416 + 48120 + 10164 + 85 * 7);
        assertThat(MODEL.card().input().row()).isEqualTo(Shape.of(3, 32, 32));
    }

    @ParameterizedTest
    @CsvSource({"conv1, 75", "conv2, 150", "fc1, 400", "fc2, 120", "fc3, 84"})
    void freshWeightsFillTheIntervalOfTheirFanIn(String layer, int fanIn) {
        float bound = (float) (1 / Math.sqrt(fanIn));
        Map<String, FloatTensor> weights = MODEL.weights();

        float largest = 0;
        for (String part : new String[] {".weight", ".bias"}) {
            for (float each : requireNonNull(weights.get(layer + part)).values()) {
                largest = Math.max(largest, Math.abs(each));
            }
        }

        assertThat(largest).isBetween(0.95f * bound, bound);
    }

    @Test
    void theSeedDecidesTheWeights() {
        assertThat(SmallCnn.fresh("small", Networks.classes(7), 5).digest()).isEqualTo(MODEL.digest());
        assertThat(SmallCnn.fresh("small", Networks.classes(7), 6).digest()).isNotEqualTo(MODEL.digest());
    }
}
