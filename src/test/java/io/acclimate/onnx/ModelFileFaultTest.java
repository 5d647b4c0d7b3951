package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.node.Tensors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files that are broken, or made to harm whoever opens them. */
class ModelFileFaultTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static ModelProto.Builder good() throws Exception {
        return ModelProto.parseFrom(new GraphBuilder("good", 13)
                        .input("image", Shape.of(1, 2, 2))
                        .weight("w", FloatTensor.wrap(Shape.of(4, 3), new float[12]))
                        .weight("b", FloatTensor.wrap(Shape.of(3), new float[3]))
                        .node("Flatten", List.of("image"), List.of("flat"), Map.of())
                        .node("Gemm", List.of("flat", "w", "b"), List.of("logits"), Map.of())
                        .output("logits", Shape.of(3))
                        .toOnnx())
                .toBuilder();
    }

    @Test
    void fault10TruncatedEmptyRandomAndForeignFilesAreRefusedByNameAndReason() throws Exception {
        byte[] good = good().build().toByteArray();
        for (int cut = 0; cut < good.length; cut += 7) {
            refused(Arrays.copyOf(good, cut), "not an ONNX model");
        }
        byte[] random = new byte[500];
        new Random(1).nextBytes(random);
        refused(random, "not an ONNX model");
        refused("a text, no model".getBytes(StandardCharsets.UTF_8), "not an ONNX model");
        refused(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, "not an ONNX model");
        assertThatThrownBy(() -> ModelGraph.read(folder.resolve("absent.onnx")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("absent.onnx")
                .hasMessageContaining("cannot be read");
    }

    @Test
    void fault10OperatorSetsOutsideOnnxRuntimesAreRefusedWithTheRange() throws Exception {
        for (long version : new long[] {-1, 6, 27, Long.MAX_VALUE}) {
            refused(model -> model.getOpsetImportBuilder(0).setVersion(version), "operator set " + version, "7 to 26");
        }
    }

    @Test
    void fault10TensorsThatClaimMoreThanTheyHoldAreRefusedBeforeMemoryIsTaken() throws Exception {
        refused(model -> weight(model).clearDims().addDims(1L << 40), "'w'");
        refused(model -> weight(model).clearDims().addDims(1 << 30).addDims(1 << 30), "'w'", "too large");
        refused(model -> weight(model).clearDims().addDims(1 << 28), "'w'");
        refused(model -> weight(model).clearDims().addDims(-4).addDims(-3), "'w'");
        refused(model -> weight(model).setDataType(99), "'w'", "99");
        refused(
                model -> weight(model).setDataType(TensorProto.DataType.INT64.getNumber()),
                "'w'",
                "does not hold 12 values");
        refused(model -> model.getGraphBuilder().addInitializer(weight(model)), "two initializers are called 'w'");
        refused(
                model -> model.getGraphBuilder()
                        .addSparseInitializer(SparseTensorProto.newBuilder().addDims(1L << 40)),
                "sparse");
    }

    @Test
    void fault10GraphsThatMultiplyOnOpeningAreRefused() throws Exception {
        refused(
                model -> {
                    weight(model).clearDims().addDims(1 << 20).setRawData(ByteString.copyFrom(new byte[4 << 20]));
                    for (int i = 0; i < 2_000; i++) {
                        NodeProto.Builder use = model.getGraphBuilder().addNodeBuilder();
                        use.setOpType("Identity").addInput("w").addOutput("copy" + i);
                        model.getGraphBuilder()
                                .addNodeBuilder()
                                .setOpType("Relu")
                                .addInput("copy" + i)
                                .addOutput("r" + i);
                        model.getGraphBuilder().addOutputBuilder().setName("r" + i);
                    }
                },
                "share one initializer");
        refused(
                model -> {
                    for (int i = 0; i < 40; i++) {
                        String inner = i == 39 ? "Relu" : "laugh" + (i + 1);
                        FunctionProto.Builder function =
                                model.addFunctionsBuilder().setName("laugh" + i).setDomain("x");
                        for (int j = 0; j < 10; j++) {
                            function.addNodeBuilder().setOpType(inner).setDomain(i == 39 ? "" : "x");
                        }
                    }
                    model.getGraphBuilder().addNodeBuilder().setOpType("laugh0").setDomain("x");
                },
                "functions written out");
        refused(
                model -> {
                    model.addFunctionsBuilder()
                            .setName("f")
                            .setDomain("x")
                            .addNodeBuilder()
                            .setOpType("f")
                            .setDomain("x");
                    model.getGraphBuilder().addNodeBuilder().setOpType("f").setDomain("x");
                },
                "calls itself");
        refused(
                model -> {
                    model.getGraphBuilder().addInitializer(Tensors.toProto("huge", Shape.of(2), 1L << 20, 1L << 20));
                    model.getGraphBuilder()
                            .addNodeBuilder()
                            .setOpType("ConstantOfShape")
                            .addInput("huge")
                            .addOutput("filled");
                    model.getGraphBuilder().addOutputBuilder().setName("filled");
                },
                "asks for more than");
        refused(
                model -> {
                    AttributeProto.Builder nested = AttributeProto.newBuilder().setName("then_branch");
                    for (int i = 0; i < 200; i++) {
                        AttributeProto.Builder outer =
                                AttributeProto.newBuilder().setName("then_branch");
                        outer.getGBuilder().addNodeBuilder().setOpType("If").addAttribute(nested);
                        nested = outer;
                    }
                    model.getGraphBuilder().getNodeBuilder(0).addAttribute(nested);
                },
                "not an ONNX model");
    }

    @Test
    void fault11ExternalDataOutsideTheFolderIsRefusedAndNoFileIsOpened() throws Exception {
        // Opening a pipe that nobody writes to would never return.
        Path pipe = pipe(folder.resolve("pipe"));
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.createSymbolicLink(inner.resolve("link.bin"), pipe);
        Files.createSymbolicLink(inner.resolve("up"), folder);
        for (String location :
                List.of("../pipe", pipe.toString(), "link.bin", "up/pipe", "x/../../pipe", "./../pipe")) {
            byte[] model = external(location).build().toByteArray();
            refusedAtOnce(inner, model, "'" + location + "'", "folder");
            assertThatThrownBy(() -> ModelGraph.of(model, card()))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("has no folder");
        }
        for (String location : List.of("", "absent.bin", "\0", "https://example.org/w.bin")) {
            refusedAtOnce(inner, external(location).build().toByteArray(), "external data");
        }
    }

    @Test
    void fault11ExternalDataInsideTheFolderIsReadOnlyWhereItIsAFileThatFits() throws Exception {
        Files.write(folder.resolve("own.bin"), new byte[12]);
        pipe(folder.resolve("pipe"));
        assertThat(read(folder, external("own.bin").build().toByteArray()).weights())
                .containsEntry("b", FloatTensor.wrap(Shape.of(3), new float[3]));
        refusedAtOnce(folder, external("pipe").build().toByteArray(), "no regular file");
        for (String[] entry :
                new String[][] {{"offset", "-4"}, {"length", "99999999999"}, {"offset", "x"}, {"length", "-1"}}) {
            ModelProto.Builder model = external("own.bin");
            bias(model)
                    .addExternalData(
                            StringStringEntryProto.newBuilder().setKey(entry[0]).setValue(entry[1]));
            refusedAtOnce(folder, model.build().toByteArray(), "external data");
        }
        ModelProto.Builder hidden = good();
        hidden.getGraphBuilder()
                .addNodeBuilder()
                .setOpType("Constant")
                .addOutput("c")
                .addAttributeBuilder()
                .setName("value")
                .setT(bias(external("own.bin")));
        refusedAtOnce(folder, hidden.build().toByteArray(), "top-level initializers only");
    }

    private static ModelProto.Builder external(String location) throws Exception {
        ModelProto.Builder model = good();
        bias(model)
                .clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
        return model;
    }

    private static TensorProto.Builder weight(ModelProto.Builder model) {
        return model.getGraphBuilder().getInitializerBuilder(0);
    }

    private static TensorProto.Builder bias(ModelProto.Builder model) {
        return model.getGraphBuilder().getInitializerBuilder(1);
    }

    private ModelCard card() throws Exception {
        return read(folder, good().build().toByteArray()).card();
    }

    private static Path pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    private static ModelGraph read(Path where, byte[] onnx) throws Exception {
        return ModelGraph.read(Files.write(where.resolve("model.onnx"), onnx));
    }

    private void refused(Consumer<ModelProto.Builder> harm, String... reasons) throws Exception {
        ModelProto.Builder model = good();
        harm.accept(model);
        refused(model.build().toByteArray(), reasons);
    }

    private void refused(byte[] onnx, String... reasons) throws Exception {
        refusedAtOnce(folder, onnx, reasons);
    }

    private static void refusedAtOnce(Path where, byte[] onnx, String... reasons) {
        Assertions.assertTimeoutPreemptively(AT_ONCE, () -> assertThatThrownBy(() -> read(where, onnx))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("model.onnx")
                .hasMessageContainingAll(reasons));
    }
}
