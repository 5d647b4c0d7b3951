package io.acclimate.infer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes networks in the forms that other frameworks' exporters leave, which our own builder does not make. */
final class ForeignNetworks {
    static final int HEIGHT = 8;
    static final int WIDTH = 6;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("foreign");
    private final Map<String, String> metadata = new TreeMap<>();
    private final Random random = new Random(5);
    private final int opset;

    ForeignNetworks() {
        this(17);
    }

    ForeignNetworks(int opset) {
        this.opset = opset;
    }

    ForeignNetworks input(String name, DataType type, Object... extents) {
        graph.addInput(value(name, type, extents));
        return this;
    }

    ForeignNetworks output(String name, DataType type, Object... extents) {
        graph.addOutput(value(name, type, extents));
        return this;
    }

    /** A list of dictionaries from label to score. */
    ForeignNetworks mapOutput(String name) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        TypeProto.Map.Builder map = value.getTypeBuilder()
                .getSequenceTypeBuilder()
                .getElemTypeBuilder()
                .getMapTypeBuilder()
                .setKeyType(DataType.STRING.getNumber());
        map.getValueTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT.getNumber());
        graph.addOutput(value);
        return this;
    }

    ForeignNetworks metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Weights of normal values, scaled; as an initializer or, where asked, as a Constant node. */
    String weights(String name, DataType type, double scale, long... extents) {
        graph.addInitializer(random(name, type, scale, extents));
        return name;
    }

    String constantNode(String name, double scale, long... extents) {
        TensorProto tensor = random("", DataType.FLOAT, scale, extents);
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput(name)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(tensor)));
        return name;
    }

    private TensorProto random(String name, DataType type, double scale, long... extents) {
        int count = 1;
        for (long each : extents) {
            count = Math.toIntExact(count * each);
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * random.nextGaussian();
        }
        return tensor(name, type, extents, values);
    }

    String constant(String name, DataType type, double... values) {
        graph.addInitializer(tensor(name, type, new long[] {values.length}, values));
        return name;
    }

    String scalar(String name, DataType type, double value) {
        graph.addInitializer(tensor(name, type, new long[0], value));
        return name;
    }

    String matrix(String name, DataType type, long[] extents, double... values) {
        graph.addInitializer(tensor(name, type, extents, values));
        return name;
    }

    private static TensorProto tensor(String name, DataType type, long[] extents, double... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long each : extents) {
            tensor.addDims(each);
        }
        for (double each : values) {
            switch (type) {
                case FLOAT -> tensor.addFloatData((float) each);
                case DOUBLE -> tensor.addDoubleData(each);
                case INT64 -> tensor.addInt64Data((long) each);
                case FLOAT16 -> tensor.addInt32Data(half((float) each));
                default -> tensor.addInt32Data((int) Math.round(each));
            }
        }
        return tensor.build();
    }

    /** The nearest binary16 of a normal number. */
    static int half(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = (bits >> 16) & 0x8000;
        int exponent = ((bits >> 23) & 0xff) - 112;
        int rounded = ((exponent << 10) | ((bits >> 13) & 0x3ff)) + ((bits >> 12) & 1);
        return exponent <= 0 ? sign : sign | rounded;
    }

    ForeignNetworks node(String type, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
        return this;
    }

    ForeignNetworks classical(String type, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        node(type, inputs, outputs, attributes);
        graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain("ai.onnx.ml");
        return this;
    }

    /** An operator of ONNX Runtime's own. */
    ForeignNetworks microsoft(String type, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        node(type, inputs, outputs, attributes);
        graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain("com.microsoft");
        return this;
    }

    static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long each : values) {
            attribute.addInts(each);
        }
        return attribute.build();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto texts(String name, String... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
        for (String each : values) {
            attribute.addStrings(ByteString.copyFromUtf8(each));
        }
        return attribute.build();
    }

    AttributeProto normals(String name, double scale, int count) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (int i = 0; i < count; i++) {
            attribute.addFloats((float) (scale * random.nextGaussian()));
        }
        return attribute.build();
    }

    /** A convolution with a rectifier, the mean of each channel as {@code features} and a linear layer: {@code from [N, 3, H, W]} to {@code to [N, classes]}. */
    ForeignNetworks body(String from, String to, DataType type, int classes) {
        node(
                "Conv",
                List.of(from, weights("conv.w", type, 1, 4, 3, 3, 3), weights("conv.b", type, 0.5, 4)),
                List.of("conv"),
                ints("kernel_shape", 3, 3),
                ints("pads", 1, 1, 1, 1));
        node("Relu", List.of("conv"), List.of("relu"));
        node("GlobalAveragePool", List.of("relu"), List.of("pool"));
        node("Flatten", List.of("pool"), List.of("features"), integer("axis", 1));
        return node(
                "Gemm",
                List.of("features", weights("fc.w", type, 1, 4, classes), weights("fc.b", type, 0.5, classes)),
                List.of(to));
    }

    byte[] toOnnx() {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .setGraph(graph);
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build().toByteArray();
    }

    private static ValueInfoProto value(String name, DataType type, Object... extents) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        TypeProto.Tensor.Builder tensor =
                value.getTypeBuilder().getTensorTypeBuilder().setElemType(type.getNumber());
        List<Object> all = new ArrayList<>(List.of(extents));
        tensor.getShapeBuilder();
        for (Object each : all) {
            if (each instanceof Integer number) {
                tensor.getShapeBuilder().addDimBuilder().setDimValue(number);
            } else {
                tensor.getShapeBuilder().addDimBuilder().setDimParam(String.valueOf(each));
            }
        }
        return value.build();
    }
}
