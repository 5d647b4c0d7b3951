package io.acclimate.fuzz;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.VersionCodec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Good input of each reader, for the fuzzer to damage. */
final class Seeds {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DomainId SITE = new DomainId("site-1");

    private Seeds() {}

    static List<byte[]> of(Class<?> target) {
        return switch (target.getSimpleName()) {
            case "Images" -> images();
            case "Records" -> List.of(utf8("\4cat1\6site-1\4boot\11image/png\0017\00212\1xabcdefgh"));
            case "Codecs" -> codecs();
            case "Cards" -> List.of(utf8(CardYaml.write(BiasModel.graph().card())));
            case "Models", "Sessions" -> models();
            case "Kernels" ->
                List.of(new byte[] {0, 0, 1, 2, 0, 4, 0}, new byte[] {1, 1, 5, 2, 3}, new byte[] {2, 4, 6, 9});
            default -> throw new IllegalArgumentException("no seeds for " + target);
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> images() {
        List<byte[]> files = new ArrayList<>();
        for (int type : List.of(
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_4BYTE_ABGR)) {
            BufferedImage image = new BufferedImage(9, 5, type);
            for (int i = 0; i < 45; i++) {
                image.setRGB(i % 9, i / 9, 0xff000000 | i * 0x051709);
            }
            for (String format : List.of("png", "jpeg", "gif", "bmp", "tiff")) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try {
                    if (ImageIO.write(image, format, out)) {
                        files.add(out.toByteArray());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return files;
    }

    private static List<byte[]> codecs() {
        Coordinates at = new Coordinates("labels", 1, 2);
        LabelledSample sample = new LabelledSample(
                new ImageId("cat-1"), 3, "cat", new Payload(Bytes.utf8("png"), Optional.of("image/png")), at, NOW);
        MiniBatchCodec batches = new MiniBatchCodec();
        ControlCodec controls = new ControlCodec();
        VersionCodec versions = new VersionCodec();
        VersionId id = new VersionId(SITE, 7);
        Activation activation = new Activation(id, 3, Activation.Cause.ROLLBACK, "asked", NOW, 32, NOW);
        Digest digest = Digest.of(new byte[1]);
        List<byte[]> all = new ArrayList<>();
        all.add(coded(
                0,
                batches.encode(new MiniBatch(SITE, 4, MiniBatch.FlushCause.TIME, List.of(sample, sample), NOW, NOW))));
        all.add(coded(1, batches.encodeSample(sample)));
        all.add(coded(2, controls.encode(new ControlCommand.Activate("c1", SITE, 9))));
        all.add(coded(2, utf8("{\"id\":\"c2\",\"domain\":\"site-1\",\"activate\":{\"version\":\"1e2\"}}")));
        Prediction prediction = new Prediction(
                new ImageId("cat-1"), SITE, List.of(new ClassScore(3, "cat", 0.5f)), 7, at, NOW, Duration.ofMillis(5));
        for (Encoding encoding : List.of(Encoding.JSON, Encoding.PROTOBUF)) {
            EventCodec events = new EventCodec(encoding);
            all.add(coded(
                    3,
                    events.encode(
                            new AdaptationEvent.Trained(SITE, NOW, 4, 32, 4, 6, 20, 10, 5, 1, Map.of("total", 0.5)))));
            all.add(coded(
                    3,
                    events.encode(new AdaptationEvent.Judged(
                            SITE, NOW, 7, 6, new GateDecision.Reject(List.of("worse")), 0.5, 0.6, 0.1, 64))));
            all.add(coded(3, events.encode(new AdaptationEvent.Activated(SITE, NOW, activation, 6))));
            all.add(coded(4, new PredictionCodec(encoding).encode(prediction)));
        }
        byte[] framed = new PredictionCodec(Encoding.PROTOBUF).encode(prediction);
        all.add(coded(
                4,
                ByteBuffer.allocate(6 + framed.length)
                        .putInt(0)
                        .putShort((short) 0x700)
                        .put(framed)
                        .array()));
        all.add(coded(5, versions.encode(activation)));
        all.add(coded(
                5,
                versions.encode(
                        new ModelVersion(id, 6, digest, List.of("cat"), digest, at, 1, 99, NOW, Map.of("seed", "1")))));
        all.add(coded(7, BiasModel.version(3).toBytes()));
        return all;
    }

    private static byte[] coded(int topic, byte[] value) {
        byte[] all = new byte[value.length + 1];
        all[0] = (byte) topic;
        System.arraycopy(value, 0, all, 1, value.length);
        return all;
    }

    private static FloatTensor ramp(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        return FloatTensor.wrap(shape, values);
    }

    static List<byte[]> models() {
        Map<String, Object> pads = Map.of("pads", new long[] {1, 1, 1, 1}, "strides", new long[] {2, 2}, "group", 1L);
        Map<String, Object> kernel = Map.of("kernel_shape", new long[] {2, 2}, "strides", new long[] {1, 1});
        byte[] convolutions = new GraphBuilder("conv", 17)
                .input("x", Shape.of(1, 6, 6))
                .weight("w", ramp(2, 1, 3, 3))
                .weight("s", ramp(2))
                .weight("v", FloatTensor.wrap(Shape.of(2), new float[] {1, 2}))
                .weight("h", ramp(8, 3))
                .node("Conv", List.of("x", "w"), List.of("c"), pads)
                .node("BatchNormalization", List.of("c", "s", "s", "s", "v"), List.of("n"), Map.of())
                .node("MaxPool", List.of("n"), List.of("m"), kernel)
                .node("Flatten", List.of("m"), List.of("f"), Map.of("axis", 1L))
                .node("MatMul", List.of("f", "h"), List.of("y"), Map.of())
                .output("y", Shape.of(3))
                .toOnnx();
        byte[] shapes = new GraphBuilder("shape", 13)
                .input("x", Shape.of(1, 2, 2))
                .constant("axes", 1)
                .constant("to", 0, -1)
                .constant("starts", 0)
                .constant("ends", 4)
                .weight("sizes", FloatTensor.wrap(Shape.of(4), new float[] {1, 1, 2, 2}))
                .weight("b", ramp(4))
                .node(
                        "Constant",
                        List.of(),
                        List.of("none"),
                        Map.of("value", FloatTensor.wrap(Shape.of(0), new float[0])))
                .node("Resize", List.of("x", "none", "sizes"), List.of("r"), Map.of("mode", "linear"))
                .node("Reshape", List.of("r", "to"), List.of("f"), Map.of())
                .node("Slice", List.of("f", "starts", "ends", "axes"), List.of("l"), Map.of())
                .node("Identity", List.of("b"), List.of("b2"), Map.of())
                .node("Add", List.of("l", "b2"), List.of("a"), Map.of())
                .node("Softmax", List.of("a"), List.of("y"), Map.of("axis", 1L))
                .output("y", Shape.of(4))
                .toOnnx();
        byte[] fills = new GraphBuilder("fill", 13)
                .input("x", Shape.of(1, 2, 2))
                .constant("extents", 1, 4)
                .constant("twice", 1, 1)
                .node("ConstantOfShape", List.of("extents"), List.of("z"), Map.of())
                .node("Tile", List.of("z", "twice"), List.of("t"), Map.of())
                .node("Flatten", List.of("x"), List.of("f"), Map.of())
                .node("Gather", List.of("f", "twice"), List.of("g"), Map.of("axis", 0L))
                .node("Einsum", List.of("f", "t"), List.of("e"), Map.of("equation", "ij,kj->ij"))
                .node("ReduceMean", List.of("e"), List.of("r"), Map.of("axes", new long[] {1}, "keepdims", 1L))
                .node("Expand", List.of("r", "extents"), List.of("q"), Map.of())
                .node("Add", List.of("q", "f"), List.of("y"), Map.of())
                .output("y", Shape.of(4))
                .toOnnx();
        return List.of(convolutions, shapes, fills, BiasModel.graph().export(WeightDelta.EMPTY));
    }
}
