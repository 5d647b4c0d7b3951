package io.acclimate.onnx.node;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The attributes of a node, by name. */
public final class Attributes {
    private final Map<String, AttributeProto> byName = new TreeMap<>();

    public Attributes(List<AttributeProto> protos) {
        for (AttributeProto proto : protos) {
            byName.put(proto.getName(), proto);
        }
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public long integer(String name, long absent) {
        AttributeProto proto = byName.get(name);
        return proto == null ? absent : proto.getI();
    }

    public float real(String name, float absent) {
        AttributeProto proto = byName.get(name);
        return proto == null ? absent : proto.getF();
    }

    public String text(String name, String absent) {
        AttributeProto proto = byName.get(name);
        return proto == null ? absent : proto.getS().toStringUtf8();
    }

    /** A list of texts or of integers, as texts; empty when the attribute is missing. */
    public List<String> labels(String name) {
        AttributeProto proto = byName.get(name);
        if (proto == null) {
            return List.of();
        }
        List<String> labels = new ArrayList<>();
        proto.getStringsList().forEach(each -> labels.add(each.toStringUtf8()));
        proto.getIntsList().forEach(each -> labels.add(String.valueOf(each)));
        return labels;
    }

    public long[] integers(String name, long... absent) {
        AttributeProto proto = byName.get(name);
        return proto == null
                ? absent
                : proto.getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    /** A list of floats, which is empty where the attribute is absent. */
    public float[] reals(String name) {
        AttributeProto proto = byName.get(name);
        float[] values = new float[proto == null ? 0 : proto.getFloatsCount()];
        for (int i = 0; i < values.length && proto != null; i++) {
            values[i] = proto.getFloats(i);
        }
        return values;
    }

    /** A list of texts, which is empty where the attribute is absent. */
    public List<String> texts(String name) {
        AttributeProto proto = byName.get(name);
        return proto == null
                ? List.of()
                : proto.getStringsList().stream().map(ByteString::toStringUtf8).toList();
    }

    /** A tensor attribute, or a float, int or list attribute as a tensor. */
    public Optional<ConstantTensor> tensor(String name) {
        AttributeProto proto = byName.get(name);
        if (proto == null) {
            return Optional.empty();
        }
        return switch (proto.getType()) {
            case TENSOR -> Tensors.toConstant(proto.getT());
            case INT -> Optional.of(ConstantTensor.ofLongs(Shape.of(), new long[] {proto.getI()}));
            case INTS -> Optional.of(ConstantTensor.ofLongs(Shape.of(proto.getIntsCount()), integers(name)));
            case FLOAT ->
                Optional.of(ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(), new float[] {proto.getF()})));
            case FLOATS ->
                Optional.of(ConstantTensor.ofFloats(FloatTensor.wrap(Shape.of(proto.getFloatsCount()), reals(name))));
            default -> Optional.empty();
        };
    }

    /** ONNX's number of the element type of a tensor attribute, 0 where absent. */
    public int elementType(String name) {
        AttributeProto proto = byName.get(name);
        return proto == null ? 0 : proto.getT().getDataType();
    }

    @Override
    public String toString() {
        return byName.keySet().toString();
    }
}
