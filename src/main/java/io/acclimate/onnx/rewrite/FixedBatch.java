package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.onnx.shape.Dim;
import io.acclimate.onnx.shape.ShapeInference;
import io.acclimate.onnx.shape.ValueFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a model that was exported for a fixed batch take any, where that is safe: every shape is told with the batch as a symbol, the
 * batch is in one extent of each, and no operator lets rows see each other. Otherwise the model stays as it is and its rows are run in
 * batches of the fixed size.
 *
 * <p>Why that suffices: a row's elements lie at the same place inside and outside the batch's extent after every step, so each row
 * passes through what the one row of the exported model passed through. Targets of {@code Reshape} that the exporter wrote as numbers
 * get a free extent where as many elements lie outside it as lay outside the batch.
 */
public final class FixedBatch {
    private final GraphDraft draft;
    private final long rows;
    private final ShapeInference inference;

    private FixedBatch(GraphDraft draft, long rows) {
        this.draft = draft;
        this.rows = rows;
        this.inference = draft.inference(true);
    }

    /** The rows that the graph's inputs fix, 0 where they fix none. */
    public static long rows(List<ValueInfoProto> inputs) {
        return inputs.stream()
                .map(input -> input.getType().getTensorType().getShape())
                .filter(shape -> shape.getDimCount() > 0)
                .map(shape -> shape.getDim(0))
                .filter(TensorShapeProto.Dimension::hasDimValue)
                .mapToLong(TensorShapeProto.Dimension::getDimValue)
                .filter(value -> value > 0)
                .findFirst()
                .orElse(0);
    }

    /** Whether the graph takes any batch now. */
    static boolean free(GraphDraft draft) {
        return new FixedBatch(draft, rows(draft.inputs())).free();
    }

    private boolean free() {
        Set<String> read = new HashSet<>();
        draft.nodes().forEach(node -> read.addAll(node.getInputList()));
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto each : draft.nodes()) {
            inference.walk(each);
            NodeProto node = each;
            if (each.getOpType().equals("Reshape") && !isTold(each.getOutput(0))) {
                Optional<List<Dim>> target = freedTarget(each);
                if (target.isEmpty()) {
                    return false;
                }
                node = ShapeFolding.withTarget(draft, each, target.get());
                inference.put(
                        node.getInput(1),
                        ValueFacts.vector(target.get().stream()
                                .map(extent -> extent.isBatch() ? Dim.of(-1) : extent)
                                .toList()));
                inference.walk(node);
            }
            for (String output : node.getOutputList()) {
                boolean matters = read.contains(output) || draft.isOutput(output);
                if (matters && (!isTold(output) || (draft.isOutput(output) && !isRows(output)))) {
                    return false;
                }
            }
            nodes.add(node);
        }
        draft.replaceNodes(nodes);
        return true;
    }

    private boolean isTold(String name) {
        ValueFacts known = inference.of(name);
        return known.hasFullShape()
                && known.shape().orElseThrow().stream().filter(Dim::isBatch).count() <= 1;
    }

    private boolean isRows(String output) {
        List<Dim> shape = inference.of(output).shape().orElseThrow();
        return !shape.isEmpty() && shape.get(0).equals(Dim.BATCH);
    }

    private Optional<List<Dim>> freedTarget(NodeProto node) {
        Optional<List<Dim>> from = inference.of(node.getInput(0)).shape();
        Optional<long[]> numbers = node.getInputCount() < 2
                ? Optional.empty()
                : inference.of(node.getInput(1)).numbers();
        if (from.isEmpty() || numbers.isEmpty()) {
            return Optional.empty();
        }
        List<Dim> target = new ArrayList<>();
        long total = concrete(Dim.product(from.get()));
        long others = 1;
        for (int i = 0; i < numbers.get().length; i++) {
            long number = numbers.get()[i];
            long extent =
                    number == 0 && i < from.get().size() ? concrete(from.get().get(i)) : number;
            target.add(Dim.of(extent));
            others *= extent == -1 ? 1 : extent;
        }
        if (others <= 0) {
            return Optional.empty();
        }
        long rest = total / others;
        target.replaceAll(each -> each.isNumber(-1) ? Dim.of(rest) : each);
        Dim outside = Dim.outsideBatch(from.get());
        for (int i = 0; i < target.size(); i++) {
            long extent = target.get(i).factor();
            if (Dim.product(target.subList(0, i)).equals(outside) && extent % rows == 0) {
                target.set(i, new Dim(Dim.Kind.BATCH, extent / rows));
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }

    private long concrete(Dim extent) {
        return extent.isBatch() ? extent.factor() * rows : extent.factor();
    }
}
