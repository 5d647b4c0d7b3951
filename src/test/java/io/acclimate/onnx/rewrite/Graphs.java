package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.util.List;

/** Graphs for the tests of the passes. */
final class Graphs {
    private Graphs() {}

    static GraphBuilder images() {
        return new GraphBuilder("g", 17).input("x", Shape.of(3, 4, 4));
    }

    static ModelProto model(GraphBuilder builder) {
        try {
            return ModelProto.parseFrom(builder.toOnnx());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    static GraphProto graph(GraphBuilder builder) {
        return model(builder).getGraph();
    }

    static GraphDraft draft(GraphProto graph) {
        return new GraphDraft(graph, 17);
    }

    static List<String> types(List<NodeProto> nodes) {
        return nodes.stream().map(NodeProto::getOpType).toList();
    }

    /** Values 1, 2, 3 and so on. */
    static FloatTensor ramp(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return FloatTensor.wrap(shape, values);
    }
}
