package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
    private static final FloatTensor TENSOR = FloatTensor.wrap(Shape.of(2), new float[] {1, 2});

    private static GraphBuilder one(Map<String, Object> attributes) {
        return new GraphBuilder("g", 13).node("Op", List.of("a", ""), List.of("b"), attributes);
    }

    @Test
    void theGraphSaysItsOperatorSetAndThatTheFirstExtentIsTheBatch() throws Exception {
        ModelProto model = ModelProto.parseFrom(new GraphBuilder("g", 13)
                .input("x", Shape.of(3, 4))
                .output("y", Shape.of(2))
                .toOnnx());

        TensorShapeProto shape =
                model.getGraph().getInput(0).getType().getTensorType().getShape();
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(13);
        assertThat(shape.getDim(0).getDimParam()).isEqualTo("batch");
        assertThat(shape.getDim(1).getDimValue()).isEqualTo(3);
        assertThat(shape.getDimCount()).isEqualTo(3);
        assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("y");
    }

    @Test
    void attributesHaveTheTypeOfTheirValueAndAreInOrder() throws Exception {
        NodeProto node = ModelProto.parseFrom(
                        one(new TreeMap<>(Map.of("e", TENSOR, "a", 1L, "b", 2f, "c", "text", "d", new long[] {3, 4})))
                                .toOnnx())
                .getGraph()
                .getNode(0);

        assertThat(node.getAttributeList())
                .extracting(AttributeProto::getType)
                .containsExactly(
                        AttributeProto.AttributeType.INT,
                        AttributeProto.AttributeType.FLOAT,
                        AttributeProto.AttributeType.STRING,
                        AttributeProto.AttributeType.INTS,
                        AttributeProto.AttributeType.TENSOR);
        assertThat(node.getName()).isEqualTo("Op_0");
        assertThat(node.getInputList()).containsExactly("a", "");
    }

    @Test
    void equalCallsGiveEqualBytesWhateverOrderTheirAttributesCameIn() {
        assertThat(one(Map.of("a", 1L, "b", 2L)).toOnnx())
                .isEqualTo(one(Map.of("b", 2L, "a", 1L)).toOnnx());
    }

    @Test
    void anAttributeOfAnotherTypeIsRefusedByName() {
        assertThatThrownBy(() -> one(Map.of("axis", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attribute 'axis' has the unsupported value 1");
    }
}
