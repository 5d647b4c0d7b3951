package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.Tensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A normalised model with a head for another label set. Rows of classes that stay are kept by name, exactly; the others are
 * fresh. Declared shapes (initializers, outputs, reshape targets) follow, so that the skeleton is a valid model of the new width.
 * Parameter names stay, except that a tensor which other nodes read as well is left to them and copied for the head.
 *
 * <p>The names are also written to the model's metadata under {@value #METADATA}, one a line: two models that differ only in
 * what their new classes are called must not have the same digest, since versions of one would be taken for the other's.
 */
public final class Relabelling {
    static final String METADATA = "classes";

    private final ModelProto model;
    private final Head head;
    private final ClassNames old;
    private final ClassNames wanted;
    /** The old index of each wanted class, -1 for a new one. */
    private final int[] from;

    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when the model's head is not found */
    public Relabelling(ModelProto model, ModelCard card, ClassNames wanted) {
        this.model = model;
        this.old = card.classes();
        this.wanted = wanted;
        this.head = Head.find(model.getGraph(), card.outputName(), old.count());
        this.from = wanted.names().stream()
                .mapToInt(name -> old.names().indexOf(name))
                .toArray();
        model.getGraph().getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
    }

    public ModelProto apply(FreshRows fresh) {
        Map<String, String> renamed = new LinkedHashMap<>();
        Random random = new Random(fresh instanceof FreshRows.Uniform uniform ? uniform.seed() : 0);
        boolean mean =
                fresh instanceof FreshRows.MeanOfKept && IntStream.of(from).anyMatch(each -> each >= 0);
        FloatTensor matrix = floats(head.rows().get(0));
        double bound = mean ? Double.NaN : 1 / Math.sqrt((double) matrix.values().length / old.count());
        for (Head.Rows rows : head.rows()) {
            String name = own(rows.tensor(), renamed);
            initializers.put(name, Tensors.toProto(name, resized(floats(rows), rows.axis(), random, bound)));
        }
        for (NodeProto node : head.path()) {
            if (node.getOpType().equals("Reshape")) {
                reshape(node.getInput(1), renamed);
            }
        }
        GraphProto.Builder out =
                model.getGraph().toBuilder().clearInitializer().clearNode().clearOutput();
        out.addAllInitializer(initializers.values());
        Set<String> behind =
                new HashSet<>(head.path().get(head.path().size() - 1).getOutputList());
        for (NodeProto node : model.getGraph().getNodeList()) {
            out.addNode(head.path().contains(node) ? rewired(node, renamed) : node);
            if (node.getInputList().stream().anyMatch(behind::contains)) {
                behind.addAll(node.getOutputList());
            }
        }
        model.getGraph()
                .getOutputList()
                .forEach(value -> out.addOutput(behind.contains(value.getName()) ? resized(value) : value));
        return model.toBuilder()
                .setGraph(out)
                .clearMetadataProps()
                .addAllMetadataProps(metadata())
                .build();
    }

    private FloatTensor floats(Head.Rows rows) {
        TensorProto tensor = initializers.get(rows.tensor());
        if (tensor == null) {
            throw new IllegalArgumentException("initializer '" + rows.tensor() + "' is missing");
        }
        return Tensors.toFloats(tensor);
    }

    /** The name of the tensor, or of a copy where nodes other than the head's read it too. */
    private String own(String tensor, Map<String, String> renamed) {
        boolean shared = model.getGraph().getNodeList().stream()
                .anyMatch(node ->
                        node.getInputList().contains(tensor) && !head.path().contains(node));
        String name = tensor;
        while (shared && (name.equals(tensor) || initializers.containsKey(name))) {
            name = name + "_head";
        }
        renamed.put(tensor, name);
        return name;
    }

    /** @param bound what fresh values are uniform within; NaN for the mean of the kept slices */
    private FloatTensor resized(FloatTensor tensor, int axis, Random random, double bound) {
        List<Integer> extents = new ArrayList<>(tensor.shape().extents());
        int inner = (int) new Shape(extents.subList(axis + 1, extents.size())).elements();
        int outer = (int) new Shape(extents.subList(0, axis)).elements();
        extents.set(axis, from.length);
        float[] values = new float[Math.toIntExact(new Shape(extents).elements())];
        for (int o = 0; o < outer; o++) {
            for (int c = 0; c < from.length; c++) {
                for (int i = 0; i < inner; i++) {
                    int first = o * old.count() * inner + i;
                    float[] kept = tensor.values();
                    values[(o * from.length + c) * inner + i] = from[c] >= 0
                            ? kept[first + from[c] * inner]
                            : Double.isNaN(bound)
                                    ? mean(kept, first, inner)
                                    : (float) ((2 * random.nextDouble() - 1) * bound);
                }
            }
        }
        return FloatTensor.wrap(new Shape(extents), values);
    }

    private float mean(float[] values, int first, int stride) {
        return (float) IntStream.of(from)
                .filter(each -> each >= 0)
                .mapToDouble(each -> values[first + each * stride])
                .average()
                .orElse(0);
    }

    /** A target shape that names the number of classes names the new one. */
    private void reshape(String target, Map<String, String> renamed) {
        TensorProto proto = initializers.get(target);
        long[] extents = proto == null
                ? new long[0]
                : Tensors.toConstant(proto).map(each -> each.longs()).orElse(new long[0]);
        boolean changed = false;
        for (int i = 1; i < extents.length; i++) {
            if (extents[i] == old.count()) {
                extents[i] = wanted.count();
                changed = true;
            }
        }
        if (changed) {
            String name = own(target, renamed);
            initializers.put(name, Tensors.toProto(name, Shape.of(extents.length), extents));
        }
    }

    private static NodeProto rewired(NodeProto node, Map<String, String> renamed) {
        NodeProto.Builder out = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            out.setInput(i, renamed.getOrDefault(node.getInput(i), node.getInput(i)));
        }
        return out.build();
    }

    private ValueInfoProto resized(ValueInfoProto value) {
        ValueInfoProto.Builder out = value.toBuilder();
        TensorShapeProto.Builder shape =
                out.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
        for (int i = 1; i < shape.getDimCount(); i++) {
            if (shape.getDim(i).getDimValue() == old.count()) {
                shape.getDimBuilder(i).setDimValue(wanted.count());
            }
        }
        return out.build();
    }

    private List<StringStringEntryProto> metadata() {
        List<StringStringEntryProto> entries = new ArrayList<>(model.getMetadataPropsList());
        entries.removeIf(each -> each.getKey().equals(METADATA));
        entries.add(StringStringEntryProto.newBuilder()
                .setKey(METADATA)
                .setValue(String.join("\n", wanted.names()))
                .build());
        return entries;
    }
}
