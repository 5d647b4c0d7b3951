package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.shape.Dim;
import io.acclimate.onnx.shape.ShapeInference;
import io.acclimate.onnx.shape.ValueFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the values between a model's layers take for one row of a batch, where their shapes can be told before the model runs.
 *
 * @param peakBytes at most at a time, when each value is dropped after its last use, as when the model scores
 * @param allBytes all of them together, as when the model is trained
 */
public record RowMemory(long peakBytes, long allBytes) {
    public RowMemory {
        if (peakBytes < 0 || allBytes < peakBytes) {
            throw new IllegalArgumentException(
                    "the bytes of a row are at least 0, and at most all of them at a time, got " + peakBytes + " of "
                            + allBytes);
        }
    }

    static RowMemory of(GraphProto graph, ModelCard card, int opset) {
        List<NodeProto> nodes = graph.getNodeList();
        ShapeInference shapes = shapes(graph, card, opset);
        Map<String, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).getInputList()) {
                lastUse.put(input, i);
            }
        }
        Map<Integer, Long> freedAfter = new HashMap<>();
        long now = 0;
        long peak = 0;
        long all = 0;
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).getOutputList()) {
                long bytes = bytes(shapes.of(output).shape().orElse(List.of()));
                now += bytes;
                all += bytes;
                freedAfter.merge(lastUse.getOrDefault(output, i), bytes, Long::sum);
            }
            peak = Math.max(peak, now);
            now -= freedAfter.getOrDefault(i, 0L);
        }
        return new RowMemory(peak, all);
    }

    private static ShapeInference shapes(GraphProto graph, ModelCard card, int opset) {
        ShapeInference shapes = new ShapeInference(opset, false);
        graph.getInitializerList().forEach(tensor -> shapes.put(tensor.getName(), ValueFacts.of(tensor)));
        List<Dim> input = new ArrayList<>(List.of(Dim.BATCH));
        card.input().row().extents().forEach(extent -> input.add(Dim.of(extent)));
        shapes.put(card.inputName(), ValueFacts.shaped(TensorProto.DataType.FLOAT.getNumber(), input));
        graph.getNodeList().forEach(shapes::walk);
        return shapes;
    }

    private static long bytes(List<Dim> shape) {
        Dim elements = Dim.product(shape);
        return elements.isBatch() ? Float.BYTES * elements.factor() : 0;
    }
}
