package io.acclimate.fuzz;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;

/**
 * Edits a good model as a script of bytes says: still a well-formed protobuf, so that it comes as far as ONNX Runtime's kernels,
 * which flipped bits seldom do. Operators, attributes, extents, values and connections change.
 */
final class GraphEdits {
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        3,
        7,
        -2,
        255,
        1 << 16,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final List<String> OPERATORS = List.of(
            "Conv",
            "ConvTranspose",
            "MaxPool",
            "AveragePool",
            "LpPool",
            "GlobalMaxPool",
            "BatchNormalization",
            "InstanceNormalization",
            "LRN",
            "Resize",
            "Upsample",
            "Pad",
            "Slice",
            "Gather",
            "GatherND",
            "ScatterND",
            "ScatterElements",
            "Tile",
            "Expand",
            "Reshape",
            "Squeeze",
            "Unsqueeze",
            "Transpose",
            "Concat",
            "Split",
            "OneHot",
            "TopK",
            "CumSum",
            "ReduceSum",
            "ReduceMax",
            "ArgMax",
            "DepthToSpace",
            "SpaceToDepth",
            "Einsum",
            "MatMul",
            "Gemm",
            "Softmax",
            "LSTM",
            "GRU",
            "Range",
            "ConstantOfShape",
            "NonZero",
            "Where",
            "Compress",
            "Trilu",
            "EyeLike",
            "RoiAlign",
            "GridSample",
            "LayerNormalization",
            "Shape",
            "Size",
            "Mod",
            "BitShift",
            "Cast",
            "QuantizeLinear",
            "DequantizeLinear",
            "NonMaxSuppression",
            "ReverseSequence",
            "Unique",
            "Hardmax",
            "Identity");
    private static final List<String> ATTRIBUTES = List.of(
            "axis",
            "axes",
            "strides",
            "pads",
            "dilations",
            "kernel_shape",
            "group",
            "output_padding",
            "blocksize",
            "perm",
            "num_outputs",
            "ceil_mode",
            "size",
            "batch_dims",
            "hidden_size",
            "keepdims",
            "to",
            "storage_order",
            "output_shape");

    private final byte[] script;
    private int at;

    private GraphEdits(byte[] script) {
        this.script = script;
    }

    static byte[] apply(byte[] onnx, byte[] script) {
        ModelProto.Builder model;
        try {
            model = ModelProto.parseFrom(onnx).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a seed is a model", e);
        }
        GraphEdits edits = new GraphEdits(script);
        while (edits.at < script.length) {
            edits.one(model.getGraphBuilder());
        }
        return model.build().toByteArray();
    }

    private int next(int below) {
        return at < script.length && below > 0 ? (script[at++] & 0xff) % below : 0;
    }

    private long number() {
        return NUMBERS[next(NUMBERS.length)];
    }

    private void one(GraphProto.Builder graph) {
        NodeProto.Builder node = graph.getNodeBuilder(next(graph.getNodeCount()));
        switch (next(8)) {
            case 0 -> node.setOpType(OPERATORS.get(next(OPERATORS.size())));
            case 1 -> attribute(node, true);
            case 2 -> attribute(node, false);
            case 3 -> {
                if (node.getInputCount() > 0) {
                    node.setInput(next(node.getInputCount()), value(graph));
                }
            }
            case 4 -> node.addInput(value(graph));
            case 5 -> reshape(graph.getInitializerBuilder(next(graph.getInitializerCount())));
            case 6 -> integer(graph.getInitializerBuilder(next(graph.getInitializerCount())));
            default -> node.addOutput(node.getOutput(0) + "_" + next(4));
        }
    }

    private String value(GraphProto.Builder graph) {
        int index = next(graph.getNodeCount() + graph.getInitializerCount());
        return index < graph.getNodeCount()
                ? graph.getNode(index).getOutput(0)
                : graph.getInitializer(index - graph.getNodeCount()).getName();
    }

    private void attribute(NodeProto.Builder node, boolean fresh) {
        AttributeProto.Builder attribute;
        if (fresh || node.getAttributeCount() == 0) {
            attribute = node.addAttributeBuilder().setName(ATTRIBUTES.get(next(ATTRIBUTES.size())));
        } else {
            attribute = node.getAttributeBuilder(next(node.getAttributeCount()));
        }
        boolean list = fresh ? next(2) == 0 : attribute.getIntsCount() > 0;
        attribute.clearInts().clearI().clearT();
        if (list) {
            attribute.setType(AttributeProto.AttributeType.INTS);
            for (int i = next(5); i >= 0; i--) {
                attribute.addInts(number());
            }
        } else {
            attribute.setType(AttributeProto.AttributeType.INT).setI(number());
        }
    }

    /** Other extents, with as many values as they claim where that is few. */
    private void reshape(TensorProto.Builder tensor) {
        tensor.clearDims();
        long elements = 1;
        for (int i = next(5); i > 0; i--) {
            long extent = next(2) == 0 ? next(5) : number();
            tensor.addDims(extent);
            elements = extent < 0 || extent > 4096 || elements > 4096 ? 1 << 20 : elements * extent;
        }
        if (tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber() && elements < 4096) {
            tensor.clearFloatData().setRawData(ByteString.copyFrom(new byte[(int) elements * 4]));
        }
    }

    private void integer(TensorProto.Builder tensor) {
        if (tensor.getInt64DataCount() > 0) {
            tensor.setInt64Data(next(tensor.getInt64DataCount()), number());
        } else {
            tensor.clearFloatData()
                    .clearRawData()
                    .setDataType(TensorProto.DataType.INT64.getNumber())
                    .clearDims();
            int count = next(5);
            tensor.addDims(count);
            for (int i = 0; i < count; i++) {
                tensor.addInt64Data(number());
            }
        }
    }
}
