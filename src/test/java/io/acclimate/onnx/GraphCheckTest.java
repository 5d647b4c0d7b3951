package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphCheckTest {
    private static final GraphCheck CHECK = new GraphCheck("m.onnx");

    private static ModelProto.Builder model(int opset) {
        try {
            return ModelProto.parseFrom(new GraphBuilder("g", opset)
                            .input("x", Shape.of(4))
                            .weight("w", FloatTensor.wrap(Shape.of(2), new float[2]))
                            .node("Relu", List.of("x"), List.of("y"), Map.of())
                            .toOnnx())
                    .toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A node of that type whose input {@code index} is a constant of these values. */
    private static ModelProto asking(String type, int index, long... extents) {
        ModelProto.Builder model = model(17);
        model.getGraphBuilder().addInitializer(Tensors.toProto("extents", Shape.of(extents.length), extents));
        var node = model.getGraphBuilder()
                .addNodeBuilder()
                .setOpType(type)
                .setName("n")
                .addOutput("z");
        Stream.generate(() -> "x").limit(index).forEach(node::addInput);
        node.addInput("extents");
        return model.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 17, 26})
    void operatorSetsThatOnnxRuntimePromisesPass(int opset) {
        assertThatCode(() -> CHECK.parsed(model(opset).build())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 27})
    void otherOperatorSetsAreRefusedWithTheRange(int opset) {
        assertThatThrownBy(() -> CHECK.parsed(model(opset).build()))
                .hasMessage("m.onnx: operator set " + opset + " is outside 7 to 26: export it for one of these");
    }

    @Test
    void aFileWithoutAGraphIsNoModel() {
        assertThatThrownBy(() -> CHECK.parsed(ModelProto.getDefaultInstance()))
                .hasMessage("m.onnx: not an ONNX model: it holds no graph (0 bytes)");
    }

    @Test
    void whatWouldEndInNativeCodeIsRefusedByName() {
        ModelProto.Builder twice = model(17);
        twice.getGraphBuilder().addInitializer(twice.getGraph().getInitializer(0));
        ModelProto.Builder sparse = model(17);
        sparse.getGraphBuilder().addSparseInitializer(SparseTensorProto.getDefaultInstance());
        ModelProto.Builder mute = model(17);
        mute.getGraphBuilder().getNodeBuilder(0).clearOutput();
        ModelProto.Builder hollow = model(17);
        hollow.getGraphBuilder().getInitializerBuilder(0).setRawData(ByteString.EMPTY);

        assertThatThrownBy(() -> CHECK.parsed(twice.build())).hasMessageContaining("two initializers are called 'w'");
        assertThatThrownBy(() -> CHECK.parsed(sparse.build())).hasMessageContaining("sparse initializers");
        assertThatThrownBy(() -> CHECK.parsed(mute.build())).hasMessageContaining("Relu 'Relu_0' has no output");
        assertThatThrownBy(() -> CHECK.parsed(hollow.build())).hasMessageContaining("'w' of shape [2]");
    }

    @ParameterizedTest
    @CsvSource({
        "Relu, 0, 1",
        "Gather, 1, 2",
        "Div, 1, 2",
        "Sub, 0, 2",
        "Conv, 1, 2",
        "BatchNormalization, 4, 5",
        "Where, 2, 3"
    })
    void aNodeWithFewerInputsThanItsOperatorNeedsIsRefusedWithBothNumbers(String type, int inputs, int needed) {
        ModelProto.Builder model = model(17);
        model.getGraphBuilder()
                .getNodeBuilder(0)
                .setOpType(type)
                .setName("n")
                .clearInput()
                .addAllInput(Collections.nCopies(inputs, "x"));

        assertThatThrownBy(() -> CHECK.parsed(model.build()))
                .hasMessage("m.onnx: " + type + " 'n' has " + inputs + " inputs; it needs " + needed);
    }

    @Test
    void anOperatorThatMayHaveNoInputOrIsNotOfTheStandardIsLeftAlone() {
        ModelProto.Builder random = model(17);
        random.getGraphBuilder().getNodeBuilder(0).setOpType("RandomNormal").clearInput();
        ModelProto.Builder other = model(17);
        other.getGraphBuilder()
                .getNodeBuilder(0)
                .setOpType("Gather")
                .setDomain("com.example")
                .clearInput();

        assertThatCode(() -> CHECK.parsed(random.build())).doesNotThrowAnyException();
        assertThatCode(() -> CHECK.parsed(other.build())).doesNotThrowAnyException();
    }

    @Test
    void aDamagedTensorInsideAnInnerGraphIsFoundToo() {
        ModelProto.Builder model = model(17);
        TensorProto damaged = TensorProto.newBuilder()
                .setName("deep")
                .setDataType(1)
                .addDims(9)
                .build();
        model.getGraphBuilder()
                .getNodeBuilder(0)
                .addAttributeBuilder()
                .setName("body")
                .getGBuilder()
                .addNodeBuilder()
                .setOpType("Constant")
                .addOutput("c")
                .addAttributeBuilder()
                .setName("value")
                .setT(damaged);

        assertThatThrownBy(() -> CHECK.parsed(model.build())).hasMessageContaining("'deep' of shape [9]");
    }

    @ParameterizedTest
    @CsvSource({"ConstantOfShape, 0", "Expand, 1", "Tile, 1", "Reshape, 1", "Pad, 1", "Resize, 3"})
    void aConstantThatAsksForMoreThanAModelHasIsRefused(String type, int input) {
        assertThatThrownBy(() -> CHECK.normalised(asking(type, input, 1 << 20, 1 << 20), 1000))
                .hasMessage("m.onnx: " + type + " 'n' asks for more than 268435456 elements by 'extents'");
        assertThatCode(() -> CHECK.normalised(asking(type, input, 1 << 10, 1 << 10), 1000))
                .doesNotThrowAnyException();
    }

    @Test
    void zeroAndMinusOneStandForWhatTheOthersLeave() {
        assertThatCode(() -> CHECK.normalised(asking("Reshape", 1, 0, -1, 1 << 28), 1000))
                .doesNotThrowAnyException();
    }

    @Test
    void anOperatorWhoseOutputDoesNotFollowAConstantMayHaveAnyOne() {
        assertThatCode(() -> CHECK.normalised(asking("Add", 1, 1L << 40, 1L << 40), 1000))
                .doesNotThrowAnyException();
    }
}
