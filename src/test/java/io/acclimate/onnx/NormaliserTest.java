package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormaliserTest {
    static FloatTensor ramp(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return FloatTensor.wrap(shape, values);
    }

    static GraphProto normalised(GraphBuilder builder) throws Exception {
        ModelProto once = new Normaliser(ModelProto.parseFrom(builder.toOnnx())).normalise();
        assertThat(new Normaliser(once).normalise()).as("normalised twice").isEqualTo(once);
        return once.getGraph();
    }

    @Test
    void nodesExportedInTrainingModeInfer() throws Exception {
        GraphProto graph = normalised(new GraphBuilder("g", 14)
                .input("x", Shape.of(2, 4, 4))
                .weight("v", ramp(2))
                .node(
                        "BatchNormalization",
                        List.of("x", "v", "v", "v", "v"),
                        List.of("n", "m", "s"),
                        Map.of("training_mode", 1L))
                .constant("yes", 1)
                .node("Dropout", List.of("n", "", "yes"), List.of("y"), Map.of())
                .output("y", Shape.of(2, 4, 4)));

        assertThat(graph.getNode(0).getOutputList()).containsExactly("n");
        assertThat(graph.getNode(0).getAttributeList()).isEmpty();
        assertThat(graph.getNode(1).getInputList()).containsExactly("n");
    }
}
