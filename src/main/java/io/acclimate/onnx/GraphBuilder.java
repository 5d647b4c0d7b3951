package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import java.util.List;
import java.util.Map;

/** Writes a fresh ONNX graph, operator by operator, in execution order. */
public final class GraphBuilder {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final int opset;

    public GraphBuilder(String name, int opset) {
        graph.setName(name);
        this.opset = opset;
    }

    /** A float32 input {@code [batch, row…]}. */
    public GraphBuilder input(String name, Shape row) {
        graph.addInput(value(name, row));
        return this;
    }

    /** A float32 output {@code [batch, row…]}. */
    public GraphBuilder output(String name, Shape row) {
        graph.addOutput(value(name, row));
        return this;
    }

    public GraphBuilder weight(String name, FloatTensor tensor) {
        graph.addInitializer(Tensors.toProto(name, tensor));
        return this;
    }

    public GraphBuilder constant(String name, long... values) {
        graph.addInitializer(Tensors.toProto(name, Shape.of(values.length), values));
        return this;
    }

    /** Attribute values are {@code Long}, {@code Float}, {@code String}, {@code long[]} or {@code FloatTensor}. */
    public GraphBuilder node(String type, List<String> inputs, List<String> outputs, Map<String, Object> attributes) {
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(type)
                .setName(type + "_" + graph.getNodeCount())
                .addAllInput(inputs)
                .addAllOutput(outputs);
        attributes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> node.addAttribute(attribute(each.getKey(), each.getValue())));
        graph.addNode(node);
        return this;
    }

    public byte[] toOnnx() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("acclimate")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long integer) {
            proto.setType(AttributeProto.AttributeType.INT).setI(integer);
        } else if (value instanceof Float real) {
            proto.setType(AttributeProto.AttributeType.FLOAT).setF(real);
        } else if (value instanceof String text) {
            proto.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof long[] integers) {
            proto.setType(AttributeProto.AttributeType.INTS);
            for (long each : integers) {
                proto.addInts(each);
            }
        } else if (value instanceof FloatTensor tensor) {
            proto.setType(AttributeProto.AttributeType.TENSOR).setT(Tensors.toProto("", tensor));
        } else {
            throw new IllegalArgumentException("attribute '" + name + "' has the unsupported value " + value);
        }
        return proto.build();
    }

    private static ValueInfoProto value(String name, Shape row) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        TensorShapeProto.Builder shape = value.getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(DataType.FLOAT.getNumber())
                .getShapeBuilder();
        shape.addDimBuilder().setDimParam("batch");
        row.extents().forEach(extent -> shape.addDimBuilder().setDimValue(extent));
        return value.build();
    }
}
