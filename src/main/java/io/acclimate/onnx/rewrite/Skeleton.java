package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.node.Tensors;
import java.util.Set;

/** A model whose weights are references to external data, to be handed over in memory. */
public final class Skeleton {
    private Skeleton() {}

    public static byte[] of(ModelProto model, Set<String> weights) {
        ModelProto.Builder skeleton = model.toBuilder();
        GraphProto.Builder graph = skeleton.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            if (weights.contains(tensor.getName())) {
                long length = Tensors.shape(tensor).elements() * 4;
                graph.setInitializer(
                        i,
                        tensor.toBuilder()
                                .clearRawData()
                                .clearFloatData()
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                .addExternalData(entry("location", "in-memory"))
                                .addExternalData(entry("offset", "0"))
                                .addExternalData(entry("length", String.valueOf(length)))
                                .build());
            }
        }
        return skeleton.build().toByteArray();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
