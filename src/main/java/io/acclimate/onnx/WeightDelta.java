package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tensors that a model version changes in its base graph, by initializer name. */
public final class WeightDelta {
    public static final WeightDelta EMPTY = new WeightDelta(new TreeMap<>());
    /** Field number and wire type of a message, as they precede each tensor. */
    private static final int INITIALIZER_TAG =
            (GraphProto.INITIALIZER_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;

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
        byte[] all = new byte[size()];
        CodedOutputStream out = CodedOutputStream.newInstance(all);
        try {
            for (Map.Entry<String, FloatTensor> each : tensors.entrySet()) {
                // A message is the concatenation of its fields. So only one tensor at a time is there twice, and not
                // all.
                GraphProto.newBuilder()
                        .addInitializer(Tensors.toProto(each.getKey(), each.getValue()))
                        .build()
                        .writeTo(out);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the tensors have another size than was calculated", e);
        }
        out.checkNoSpaceLeft();
        return all;
    }

    /** How many bytes {@link #toBytes()} gives. */
    public int size() {
        int size = 0;
        for (Map.Entry<String, FloatTensor> each : tensors.entrySet()) {
            int tensor = Tensors.protoSize(each.getKey(), each.getValue());
            size = Math.addExact(
                    size,
                    CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER)
                            + CodedOutputStream.computeUInt32SizeNoTag(tensor)
                            + tensor);
        }
        return size;
    }

    /**
     * Reads the bytes that {@link #toBytes()} wrote. The caller has checked their digest.
     *
     * @throws IllegalArgumentException when they are something else
     */
    public static WeightDelta parse(byte[] bytes) {
        return parse(UnsafeByteOperations.unsafeWrap(bytes));
    }

    /** Reads these bytes as {@link #parse(byte[])} does. */
    public static WeightDelta parse(ByteString bytes) {
        CodedInputStream in = bytes.newCodedInput();
        // A tensor's message points at the bytes that it is read from, so that its values are there once besides.
        in.enableAliasing(true);
        return parse(in);
    }

    /** Reads a stream to its end as {@link #parse(byte[])} does, of which no more than one tensor is in memory besides the weights. */
    public static WeightDelta parse(InputStream bytes) {
        return parse(CodedInputStream.newInstance(bytes));
    }

    /** Tensor by tensor: the message of them all would hold the bytes of each until the last one is read. */
    private static WeightDelta parse(CodedInputStream bytes) {
        TreeMap<String, FloatTensor> tensors = new TreeMap<>();
        try {
            for (int tag = bytes.readTag(); tag != 0; tag = bytes.readTag()) {
                if (tag == INITIALIZER_TAG) {
                    add(bytes.readMessage(TensorProto.parser(), ExtensionRegistryLite.getEmptyRegistry()), tensors);
                } else if (!bytes.skipField(tag)) {
                    throw new IllegalArgumentException("not a weight delta: a group ends that did not begin");
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a weight delta: " + e.getMessage(), e);
        }
        return new WeightDelta(tensors);
    }

    private static void add(TensorProto tensor, Map<String, FloatTensor> tensors) {
        if (tensors.put(tensor.getName(), Tensors.toFloats(tensor)) != null) {
            throw new IllegalArgumentException(
                    "a weight delta names each tensor once, '" + tensor.getName() + "' comes twice");
        }
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
