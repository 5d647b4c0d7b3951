package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.node.WeightFile;
import java.util.Map;
import java.util.Set;

/** A model without the values of its weights, which are kept as tensors beside it: a second copy of them would be as large as the model. */
public final class Skeleton {
    private Skeleton() {}

    /**
     * The model without the bytes of these weights, for {@link #filled}. Values that are listed one by one stay. It is a copy: a message may
     * point at the bytes that it was read from, and would keep the whole file for its names.
     */
    public static ModelProto emptied(ModelProto model, Set<String> weights) {
        ModelProto.Builder emptied = model.toBuilder();
        GraphProto.Builder graph = emptied.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            if (weights.contains(tensor.getName()) && !tensor.getRawData().isEmpty()) {
                graph.setInitializer(i, tensor.toBuilder().clearRawData().build());
            }
        }
        try {
            return ModelProto.parseFrom(emptied.build().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message cannot be read back", e);
        }
    }

    /** An {@link #emptied} model with the values of its weights, as it was before. */
    public static ModelProto filled(ModelProto model, Map<String, FloatTensor> weights) {
        ModelProto.Builder filled = model.toBuilder();
        GraphProto.Builder graph = filled.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            FloatTensor values = weights.get(tensor.getName());
            if (values != null && values.values().length > 0 && tensor.getFloatDataCount() == 0) {
                graph.setInitializer(
                        i,
                        tensor.toBuilder()
                                .setRawData(UnsafeByteOperations.unsafeWrap(values.toLittleEndian()))
                                .build());
            }
        }
        return filled.build();
    }

    /** The model whose weights are references to external data: to be handed over in memory, or as {@link WeightFile}s. */
    public static byte[] of(ModelProto model, Set<String> weights) {
        ModelProto.Builder skeleton = model.toBuilder();
        GraphProto.Builder graph = skeleton.getGraphBuilder();
        Map<String, String> files = WeightFile.names(graph.getInitializerList().stream()
                .map(TensorProto::getName)
                .filter(weights::contains)
                .toList());
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            String file = files.get(tensor.getName());
            if (file != null) {
                long length = Tensors.shape(tensor).elements() * 4;
                graph.setInitializer(
                        i,
                        tensor.toBuilder()
                                .clearRawData()
                                .clearFloatData()
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                .addExternalData(entry("location", file))
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
