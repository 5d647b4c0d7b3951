package io.acclimate.onnx.shape;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Shapes and integers of a graph before anything runs, node by node, with the batch as a symbol. An operator that has no rule here
 * makes its outputs unknown, never wrong. For one thread.
 */
public final class ShapeInference {
    /** Elements of content that are kept in all: a hostile graph must not fill the memory. */
    private static final int ROOM = 1 << 22;

    private final Map<String, ValueFacts> values = new HashMap<>();
    private int room = ROOM;
    private final int opset;
    private final boolean proving;

    /** @param proving whether a shape may only be told where rows of the batch stay apart */
    public ShapeInference(int opset, boolean proving) {
        this.opset = opset;
        this.proving = proving;
    }

    public void put(String name, ValueFacts known) {
        int size = known.content().map(List::size).orElse(0);
        room -= Math.min(room, size);
        values.put(name, room > 0 ? known : new ValueFacts(known.type(), known.shape(), Optional.empty()));
    }

    public ValueFacts of(String name) {
        return values.getOrDefault(name, ValueFacts.NOTHING);
    }

    /** Adds what is known of the node's outputs. */
    public void walk(NodeProto node) {
        List<ValueFacts> inputs = node.getInputList().stream().map(this::of).toList();
        NodeFacts operands = new NodeFacts(
                node.getOpType(),
                opset,
                new Attributes(node.getAttributeList()),
                inputs,
                node.getOutputCount(),
                proving);
        List<ValueFacts> outputs;
        try {
            outputs = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx") ? outputs(operands) : List.of();
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            outputs = List.of(); // a node that lacks something or contradicts itself: ONNX Runtime is the one to say so
        }
        for (int i = 0; i < Math.min(outputs.size(), node.getOutputCount()); i++) {
            put(node.getOutput(i), outputs.get(i));
        }
    }

    private static List<ValueFacts> outputs(NodeFacts node) {
        switch (node.type()) {
            case "Shape" -> {
                return List.of(ValueFacts.vector(extents(node)));
            }
            case "Size" -> {
                return List.of(ValueFacts.scalar(MovementShapes.product(node.shape(0))));
            }
            case "ConstantOfShape" -> {
                return List.of(filled(node));
            }
            case "Range" -> {
                return List.of(range(node));
            }
            case "Split" -> {
                return MovementShapes.split(node).stream()
                        .map(part -> ValueFacts.shaped(node.input(0).type(), part))
                        .toList();
            }
            default -> {
                List<Dim> shape = shape(node);
                Optional<List<Dim>> content = IntegerArithmetic.of(node, shape)
                        .filter(list -> MovementShapes.product(shape).isNumber(list.size()));
                int type = type(node);
                boolean integral = type == ValueFacts.INT64 || type == ValueFacts.INT32 || type == ValueFacts.BOOL;
                return List.of(new ValueFacts(type, Optional.of(shape), integral ? content : Optional.empty()));
            }
        }
    }

    private static int type(NodeFacts node) {
        return switch (node.type()) {
            case "Cast" -> (int) node.attributes().integer("to", 0);
            case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Not" -> ValueFacts.BOOL;
            case "ArgMax", "ArgMin" -> ValueFacts.INT64;
            case "Where" -> node.input(1).type();
            default -> node.input(0).type();
        };
    }

    private static List<Dim> shape(NodeFacts node) {
        return switch (node.type()) {
            case "Identity", "Cast", "Relu", "Sigmoid", "Tanh", "Erf", "Sqrt", "Exp", "Log", "Abs", "Neg" ->
                node.shape(0);
            case "Reciprocal", "Floor", "Ceil", "Not", "Softplus", "Softsign", "Mish", "HardSwish" -> node.shape(0);
            case "HardSigmoid", "LeakyRelu", "Elu", "Celu", "Selu", "Gelu", "Clip", "Dropout" -> node.shape(0);
            case "ScatterND", "ScatterElements", "Sign", "Round", "ThresholdedRelu" -> updated(node);
            case "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "Sum", "Mean", "PRelu", "Where" ->
                together(node);
            case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Xor" -> together(node);
            case "MatMul" -> LayerShapes.matMul(node);
            case "Gemm" -> LayerShapes.gemm(node);
            case "Conv" -> LayerShapes.convolution(node);
            case "MaxPool", "AveragePool" -> LayerShapes.pool(node);
            case "GlobalAveragePool", "GlobalMaxPool" -> LayerShapes.globalPool(node);
            case "Softmax", "LogSoftmax" -> LayerShapes.softmax(node);
            case "LayerNormalization" -> LayerShapes.layerNormalization(node);
            case "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN" ->
                LayerShapes.normalization(node);
            case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceProd" ->
                LayerShapes.reduce(node);
            case "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp" -> LayerShapes.reduce(node);
            case "ArgMax", "ArgMin" -> LayerShapes.extreme(node);
            case "Reshape" -> MovementShapes.reshape(node);
            case "Flatten" -> MovementShapes.flatten(node);
            case "Transpose" -> MovementShapes.transpose(node);
            case "Squeeze" -> MovementShapes.squeeze(node);
            case "Unsqueeze" -> MovementShapes.unsqueeze(node);
            case "Concat" -> MovementShapes.concat(node);
            case "Slice" -> MovementShapes.slice(node);
            case "Gather" -> MovementShapes.gather(node);
            case "Expand" -> MovementShapes.expand(node);
            case "Tile" -> MovementShapes.tile(node);
            case "Pad" -> MovementShapes.pad(node);
            default -> throw new IllegalArgumentException("no rule for " + node.type());
        };
    }

    private static List<Dim> together(NodeFacts node) {
        List<List<Dim>> shapes = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            shapes.add(node.shape(i));
        }
        return LayerShapes.broadcast(shapes);
    }

    /** Updates at known places of a tensor that does not hold the batch, or of one shape throughout. */
    private static List<Dim> updated(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        if (node.proving() && node.inputs().size() > 1 && shape.stream().anyMatch(Dim::isBatch)) {
            throw new IllegalArgumentException("writes into the batch");
        }
        return shape;
    }

    private static List<Dim> extents(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        long rank = shape.size();
        long start = MovementShapes.clamped(node.attributes().integer("start", 0), rank, 0);
        long end = MovementShapes.clamped(node.attributes().integer("end", rank), rank, 0);
        return shape.subList((int) start, (int) end);
    }

    private static ValueFacts filled(NodeFacts node) {
        List<Dim> shape = node.content(0);
        Optional<ConstantTensor> value = node.attributes().tensor("value");
        if (value.isEmpty() || !value.get().integral()) {
            return ValueFacts.shaped(1, shape);
        }
        int type = node.attributes().elementType("value");
        Dim size = MovementShapes.product(shape);
        if (!size.isNumber() || size.factor() > ValueFacts.LARGEST) {
            return ValueFacts.shaped(type, shape);
        }
        Dim each = Dim.of(value.get().longs()[0]);
        return new ValueFacts(type, Optional.of(shape), Optional.of(Collections.nCopies((int) size.factor(), each)));
    }

    private static ValueFacts range(NodeFacts node) {
        Optional<long[]> start = node.input(0).numbers();
        Optional<long[]> limit = node.input(1).numbers();
        Optional<long[]> step = node.input(2).numbers();
        if (start.isEmpty() || limit.isEmpty() || step.isEmpty() || step.get()[0] == 0) {
            return ValueFacts.shaped(node.input(0).type(), List.of(Dim.UNKNOWN));
        }
        long first = start.get()[0];
        long by = step.get()[0];
        long span = limit.get()[0] - first;
        long count = Math.max(0, by > 0 ? (span + by - 1) / by : (span + by + 1) / by);
        if (count > ValueFacts.LARGEST) {
            return ValueFacts.shaped(node.input(0).type(), List.of(Dim.of(count)));
        }
        return ValueFacts.vector(LongStream.range(0, count)
                        .mapToObj(i -> Dim.of(first + i * by))
                        .toList())
                .withType(node.input(0).type());
    }
}
