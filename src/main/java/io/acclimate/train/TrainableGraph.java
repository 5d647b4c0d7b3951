package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.operators.Axes;
import io.acclimate.train.operators.Call;
import io.acclimate.train.operators.Operator;
import io.acclimate.train.operators.OperatorTable;
import io.acclimate.train.operators.UnsupportedNodeException;
import io.acclimate.train.operators.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The normalised graph, or what comes after its frozen prefix, over PyTorch arrays. Frozen weights live here for the graph's lifetime; trainable ones are given to each
 * run as fresh leaves, so a gradient never outlives its step.
 */
final class TrainableGraph implements AutoCloseable {
    private static final NDIndex WHOLE = new NDIndex("...");

    private final NDManager manager;
    private final StepMemory memory;
    private final Map<String, NDArray> frozen = new TreeMap<>();
    private final Map<String, Value> constants = new HashMap<>();
    private final Map<String, List<GraphNode>> nodesLeadingTo = new HashMap<>();
    private final String input;
    /** Rows of one run where the model fixes them, 0 where it takes any. */
    private final int fixedRows;

    /** @param frontier where the frozen prefix ends and this graph begins; the whole model where empty */
    TrainableGraph(
            ModelGraph graph, GraphPlan plan, Optional<String> frontier, Map<String, FloatTensor> frozenWeights) {
        this(graph, plan, frontier, frozenWeights, new StepMemory());
    }

    /** @param memory of this graph and of others of which none has a step while another has one */
    TrainableGraph(
            ModelGraph graph,
            GraphPlan plan,
            Optional<String> frontier,
            Map<String, FloatTensor> frozenWeights,
            StepMemory memory) {
        this.memory = memory;
        this.input = frontier.orElse(graph.card().inputName());
        this.fixedRows = graph.fixedRows();
        for (String wanted : List.of(plan.output(), plan.logits())) {
            nodesLeadingTo.put(wanted, plan.leadingTo(wanted, frontier));
        }
        TrainableSuffix.unknown(nodesLeadingTo.getOrDefault(plan.output(), List.of()))
                .ifPresent(node -> {
                    throw new UnsupportedNodeException(node, "has no trainable form here");
                });
        this.manager = TorchEngine.newManager();
        for (Map.Entry<String, ConstantTensor> each : graph.constants().entrySet()) {
            constants.put(each.getKey(), new Value.Fixed(each.getValue()));
        }
        Set<String> used = new HashSet<>();
        nodesLeadingTo.values().forEach(nodes -> nodes.forEach(node -> used.addAll(node.inputs())));
        frozenWeights.forEach((name, tensor) -> {
            if (used.contains(name)) {
                frozen.put(name, manager.create(tensor.values(), Call.djl(tensor.shape())));
            }
        });
        manager.cap();
    }

    /** One at a time: the weights of the step before are not valid any more. */
    NDManager newStep() {
        return memory.begin(manager);
    }

    /**
     * The values of all edges that {@code wanted} depends on. Everything made belongs to {@code step}.
     *
     * @param batch of the model's input, or of the frontier
     */
    Map<String, Value> run(NDManager step, FloatTensor batch, Map<String, NDArray> leaves, String wanted) {
        int rows = batch.shape().extent(0);
        if (fixedRows == 0 || rows == fixedRows) {
            return part(step, batch, leaves, wanted);
        }
        List<Map<String, Value>> parts = new ArrayList<>();
        for (int from = 0; from < rows; from += fixedRows) {
            List<FloatTensor> some = new ArrayList<>();
            for (int i = 0; i < fixedRows; i++) {
                some.add(batch.row(Math.min(from + i, rows - 1)));
            }
            parts.add(part(step, FloatTensor.stack(some), leaves, wanted));
        }
        Map<String, Value> joined = new HashMap<>();
        for (String name : parts.get(0).keySet()) {
            List<NDArray> arrays = new ArrayList<>();
            for (Map<String, Value> part : parts) {
                if (part.get(name) instanceof Value.Dense dense) {
                    arrays.add(dense.array());
                }
            }
            joined.put(name, new Value.Parts(arrays, rows));
        }
        return joined;
    }

    private Map<String, Value> part(NDManager step, FloatTensor batch, Map<String, NDArray> leaves, String wanted) {
        Map<String, Value> values = begin(step, batch, leaves);
        walk(nodes(wanted), values, step);
        return values;
    }

    /** The values before the first node: constants, weights, and the batch. */
    Map<String, Value> begin(NDManager step, FloatTensor batch, Map<String, NDArray> leaves) {
        Map<String, Value> values = new HashMap<>(constants);
        // A view in the step's manager: results go where their first operand lives, and must not outlive the step.
        frozen.forEach((name, array) -> values.put(name, new Value.Dense(array.get(step, WHOLE))));
        leaves.forEach((name, array) -> values.put(name, new Value.Dense(array)));
        values.put(input, new Value.Dense(step.create(batch.values(), Call.djl(batch.shape()))));
        return values;
    }

    /** The nodes that lead to the output or to the logits, in execution order. */
    List<GraphNode> nodes(String wanted) {
        return nodesLeadingTo.getOrDefault(wanted, List.of());
    }

    private static List<Value> applied(Operator operator, Call call) {
        try {
            return call.folded().orElseGet(() -> operator.apply(call));
        } catch (UnsupportedNodeException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnsupportedNodeException(call.node(), e);
        }
    }

    /** Adds the nodes' outputs to {@code values}. */
    static void walk(List<GraphNode> nodes, Map<String, Value> values, NDManager step) {
        for (GraphNode node : nodes) {
            Call call = new Call(node, values, step);
            Operator operator = OperatorTable.find(node.type(), node.domain())
                    .orElseThrow(() -> new UnsupportedNodeException(node, "has no trainable form here"));
            List<Value> outputs = applied(operator, call);
            for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
                values.put(node.outputs().get(i), outputs.get(i));
            }
        }
    }

    /** The tensors as arrays of the step, those named {@code differentiable} with a gradient. */
    Map<String, NDArray> leaves(NDManager step, Map<String, FloatTensor> weights, Set<String> differentiable) {
        return leaves(step, weights, differentiable, memory);
    }

    static Map<String, NDArray> leaves(
            NDManager step, Map<String, FloatTensor> weights, Set<String> differentiable, StepMemory memory) {
        Map<String, NDArray> leaves = new TreeMap<>();
        weights.forEach((name, tensor) -> {
            NDArray leaf = memory.array(step, tensor);
            leaf.setRequiresGradient(differentiable.contains(name));
            leaves.put(name, leaf);
        });
        return leaves;
    }

    /**
     * {@code [rows, values]} of an edge under these weights, of which nothing else stays in memory. It is asked before the step has its own
     * leaves, since what layers give then is not there beside what the step keeps of its own.
     */
    NDArray asked(NDManager step, FloatTensor batch, Map<String, FloatTensor> weights, String wanted) {
        return memory.answer(step, of -> rows(run(of, batch, leaves(of, weights, Set.of()), wanted), wanted));
    }

    /** {@code [rows, values]} of an edge. */
    static NDArray rows(Map<String, Value> values, String name) {
        NDArray array = dense(values, name);
        return array.getShape().dimension() == 2
                ? array
                : array.reshape(array.getShape().get(0), -1);
    }

    static NDArray dense(Map<String, Value> values, String name) {
        if (values.get(name) instanceof Value.Dense dense) {
            return dense.array();
        }
        if (values.get(name) instanceof Value.Parts parts && !parts.arrays().isEmpty()) {
            return Axes.range(NDArrays.concat(new NDList(parts.arrays()), 0), 0, 0, parts.rows(), 1);
        }
        throw new IllegalArgumentException("value '" + name + "' was not computed");
    }

    /** The first {@code count} rows of {@code [rows, …]}. */
    static NDArray first(NDArray rows, int count) {
        return rows.getShape().get(0) == count
                ? rows
                : rows.split(new long[] {count}, 0).get(0);
    }

    @Override
    public void close() {
        manager.close();
    }
}
