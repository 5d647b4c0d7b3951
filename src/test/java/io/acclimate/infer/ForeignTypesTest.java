package io.acclimate.infer;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.DOUBLE;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT8;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.UINT8;
import static io.acclimate.infer.ForeignNetworks.HEIGHT;
import static io.acclimate.infer.ForeignNetworks.WIDTH;
import static io.acclimate.infer.ForeignNetworks.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.acclimate.onnx.ModelGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks whose input or output has another element type than float32 are served without a card. */
class ForeignTypesTest {
    @TempDir
    Path folder;

    private final Picture picture = Picture.random(HEIGHT, WIDTH, 7);

    private float[] served(ForeignNetworks file) throws Exception {
        return ExportedFormsTest.served(ModelGraph.read(Files.write(folder.resolve("m.onnx"), file.toOnnx())), picture);
    }

    /** Takes {@code zero} away from whole numbers and scales them. */
    private static ForeignNetworks whole(int opset, DataType type, float zero) {
        ForeignNetworks file = new ForeignNetworks(opset).input("x", type, "N", 3, HEIGHT, WIDTH);
        return file.node("Cast", List.of("x"), List.of("f"), integer("to", 1))
                .node("Sub", List.of("f", file.scalar("zero", FLOAT, zero)), List.of("c"))
                .node("Mul", List.of("c", file.scalar("by", FLOAT, 1 / 128.0)), List.of("s"))
                .body("s", "y", FLOAT, 3)
                .output("y", FLOAT, "N", 3);
    }

    @Test
    void wholeNumbersAreMadeWithOperatorsThatTheOpsetHas() throws Exception {
        assertThat(served(whole(9, UINT8, 128))).containsExactly(served(whole(17, UINT8, 128)), within(1e-5f));
    }

    /** As tf2onnx leaves a quantised TFLite model. */
    @Test
    void signedBytesLieAroundZero() throws Exception {
        assertThat(served(whole(17, INT8, 0))).containsExactly(served(whole(17, UINT8, 128)), within(1e-3f));
    }

    private static ForeignNetworks column(DataType type) {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        return file.node("GlobalAveragePool", List.of("x"), List.of("g"))
                .node("Flatten", List.of("g"), List.of("f"))
                .node("Cast", List.of("f"), List.of("d"), integer("to", type.getNumber()))
                .node("MatMul", List.of("d", file.weights("w", type, 1, 3, 1)), List.of("z"))
                .node("Sigmoid", List.of("z"), List.of("p"))
                .output("p", type, "N", 1);
    }

    @Test
    void aColumnOfDoublesBecomesTwoOfFloats() throws Exception {
        assertThat(served(column(DOUBLE))).containsExactly(served(column(FLOAT)), within(1e-5f));
    }
}
