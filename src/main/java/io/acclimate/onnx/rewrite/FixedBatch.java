package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.onnx.shape.Extent;
import io.acclimate.onnx.shape.Known;
import io.acclimate.onnx.shape.MovementShapes;
import io.acclimate.onnx.shape.ShapeInference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a model that was exported for a fixed batch take any, where that is safe: every shape is told with the batch as a symbol, it
 * stands in one extent of each, and no operator lets rows see each other. Else the model stays as it is and its rows are run in
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
                Optional<List<Extent>> target = freedTarget(each);
                if (target.isEmpty()) {
                    return false;
                }
                node = ShapeFolding.withTarget(draft, each, target.get());
                inference.put(
                        node.getInput(1),
                        Known.vector(target.get().stream()
                                .map(extent -> extent.isBatch() ? Extent.of(-1) : extent)
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
        Known known = inference.of(name);
        return known.hasFullShape()
                && known.shape().orElseThrow().stream().filter(Extent::isBatch).count() <= 1;
    }

    private boolean isRows(String output) {
        List<Extent> shape = inference.of(output).shape().orElseThrow();
        return !shape.isEmpty() && shape.get(0).equals(Extent.BATCH);
    }

    private Optional<List<Extent>> freedTarget(NodeProto node) {
        Optional<List<Extent>> from = inference.of(node.getInput(0)).shape();
        Optional<long[]> numbers = node.getInputCount() < 2
                ? Optional.empty()
                : inference.of(node.getInput(1)).numbers();
        if (from.isEmpty() || numbers.isEmpty()) {
            return Optional.empty();
        }
        List<Extent> target = new ArrayList<>();
        long total = concrete(MovementShapes.product(from.get()));
        long others = 1;
        for (int i = 0; i < numbers.get().length; i++) {
            long number = numbers.get()[i];
            long extent =
                    number == 0 && i < from.get().size() ? concrete(from.get().get(i)) : number;
            target.add(Extent.of(extent));
            others *= extent == -1 ? 1 : extent;
        }
        if (others <= 0) {
            return Optional.empty();
        }
        long rest = total / others;
        target.replaceAll(each -> each.isNumber(-1) ? Extent.of(rest) : each);
        Extent outside = MovementShapes.outside(from.get());
        for (int i = 0; i < target.size(); i++) {
            long extent = target.get(i).factor();
            if (MovementShapes.product(target.subList(0, i)).equals(outside) && extent % rows == 0) {
                target.set(i, new Extent(Extent.Kind.BATCH, extent / rows));
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }

    private long concrete(Extent extent) {
        return extent.isBatch() ? extent.factor() * rows : extent.factor();
    }
}
