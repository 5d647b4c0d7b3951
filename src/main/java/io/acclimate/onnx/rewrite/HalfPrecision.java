package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * Widens a float16 or bfloat16 model to float32, which holds each of its numbers exactly. ONNX Runtime computes most of float16 in
 * float32 on a processor anyway and casts between; a widened model is spared the casts and rounds less, and it can be trained.
 */
public final class HalfPrecision {
    private static final int FLOAT = DataType.FLOAT.getNumber();
    /** Attributes that hold an element type. */
    private static final Set<String> TYPES = Set.of("to", "dtype", "output_dtype");

    private HalfPrecision() {}

    /** The model in float32. A model without half precision, or with functions of its own, stays as it is. */
    public static ModelProto widened(ModelProto model) {
        if (model.getFunctionsCount() > 0 || !isHalf(model.getGraph())) {
            return model;
        }
        return model.toBuilder().setGraph(widened(model.getGraph())).build();
    }

    private static boolean isHalf(int type) {
        return type == DataType.FLOAT16.getNumber() || type == DataType.BFLOAT16.getNumber();
    }

    private static boolean isHalf(GraphProto graph) {
        return graph.getInitializerList().stream().anyMatch(tensor -> isHalf(tensor.getDataType()))
                || graph.getInputList().stream()
                        .anyMatch(
                                value -> isHalf(value.getType().getTensorType().getElemType()))
                || graph.getNodeList().stream()
                        .flatMap(node -> node.getAttributeList().stream())
                        .anyMatch(attribute -> (TYPES.contains(attribute.getName()) && isHalf((int) attribute.getI()))
                                || isHalf(attribute.getT().getDataType())
                                || (attribute.hasG() && isHalf(attribute.getG())));
    }

    private static GraphProto widened(GraphProto graph) {
        GraphProto.Builder out =
                graph.toBuilder().clearInitializer().clearNode().clearValueInfo();
        graph.getInitializerList().forEach(tensor -> out.addInitializer(widened(tensor)));
        graph.getNodeList().forEach(node -> out.addNode(widened(node)));
        out.getInputBuilderList().forEach(HalfPrecision::widen);
        out.getOutputBuilderList().forEach(HalfPrecision::widen);
        return out.build();
    }

    private static void widen(ValueInfoProto.Builder value) {
        if (isHalf(value.getType().getTensorType().getElemType())) {
            value.getTypeBuilder().getTensorTypeBuilder().setElemType(FLOAT);
        }
    }

    private static NodeProto widened(NodeProto node) {
        NodeProto.Builder out = node.toBuilder();
        for (AttributeProto.Builder attribute : out.getAttributeBuilderList()) {
            if (TYPES.contains(attribute.getName()) && isHalf((int) attribute.getI())) {
                attribute.setI(FLOAT);
            }
            if (attribute.hasT()) {
                attribute.setT(widened(attribute.getT()));
            }
            if (attribute.hasG()) {
                attribute.setG(widened(attribute.getG()));
            }
        }
        return out.build();
    }

    private static TensorProto widened(TensorProto tensor) {
        if (!isHalf(tensor.getDataType())) {
            return tensor;
        }
        boolean brain = tensor.getDataType() == DataType.BFLOAT16.getNumber();
        boolean listed = tensor.getInt32DataCount() > 0;
        ByteBuffer raw = ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[listed ? tensor.getInt32DataCount() : raw.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            int bits = (listed ? tensor.getInt32Data(i) : raw.getShort()) & 0xffff;
            values[i] = brain ? Float.intBitsToFloat(bits << 16) : ofHalf(bits);
        }
        return Tensors.toProto(tensor.getName(), FloatTensor.wrap(Tensors.shape(tensor), values));
    }

    /** IEEE 754 binary16, of which each number is a float32. */
    static float ofHalf(int bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float tiny = fraction * 0x1p-24f;
            return sign == 0 ? tiny : -tiny;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }
}
