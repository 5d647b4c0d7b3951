package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Tensors;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tensors that a model version changes in its base graph, by initializer name. */
public final class WeightDelta {
    public static final WeightDelta EMPTY = new WeightDelta(new TreeMap<>());

    private final SortedMap<String, FloatTensor> tensors;

    private WeightDelta(SortedMap<String, FloatTensor> tensors) {
        this.tensors = Collections.unmodifiableSortedMap(tensors);
    }

    public static WeightDelta of(Map<String, FloatTensor> tensors) {
        return new WeightDelta(new TreeMap<>(tensors));
    }

    /** The changed tensors in name order. */
    public SortedMap<String, FloatTensor> tensors() {
        return tensors;
    }

    public boolean isEmpty() {
        return tensors.isEmpty();
    }

    /** The initializers of an otherwise empty ONNX {@code GraphProto}, in name order: equal deltas give equal bytes. */
    public byte[] toBytes() {
        GraphProto.Builder graph = GraphProto.newBuilder();
        tensors.forEach((name, tensor) -> graph.addInitializer(Tensors.toProto(name, tensor)));
        return graph.build().toByteArray();
    }

    /**
     * Reads the bytes that {@link #toBytes()} wrote. The caller has checked their digest.
     *
     * @throws IllegalArgumentException when they are something else
     */
    public static WeightDelta parse(byte[] bytes) {
        GraphProto graph;
        try {
            graph = GraphProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a weight delta: " + e.getMessage(), e);
        }
        TreeMap<String, FloatTensor> tensors = new TreeMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensors.put(tensor.getName(), Tensors.toFloats(tensor)) != null) {
                throw new IllegalArgumentException(
                        "a weight delta names each tensor once, '" + tensor.getName() + "' comes twice");
            }
        }
        return new WeightDelta(tensors);
    }

    public Digest digest() {
        return Digest.of(toBytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WeightDelta that && tensors.equals(that.tensors);
    }

    @Override
    public int hashCode() {
        return tensors.hashCode();
    }

    @Override
    public String toString() {
        return tensors.size() + " changed tensors";
    }
}
