package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold of a model before ONNX Runtime sees it, since there it would end in a fault of the process, a hang, or memory
 * without bound: known operator set, tensors that hold what they claim, constants that ask for no more elements than a model
 * has, functions that end.
 */
final class GraphCheck {
    /** What ONNX Runtime 1.29 promises; the last one is the newest of ONNX that it was built with. */
    private static final int OLDEST_OPSET = 7;

    private static final int NEWEST_OPSET = 26;
    /** Elements of one tensor that a constant may ask for: 1 GiB of float32. */
    private static final long MAX_ELEMENTS = 1L << 28;
    /** Nodes of a graph with its functions written out. */
    private static final long MAX_NODES = 1_000_000;
    /** A graph may bring each shared weight once for each use, but must not grow without bound. */
    private static final long FREE_GROWTH = 64L << 20;

    private final String file;

    GraphCheck(String file) {
        this.file = file;
    }

    /** Checks the model as the file has it, with external data brought in. */
    void parsed(ModelProto model) throws InvalidModelException {
        GraphProto graph = model.getGraph();
        if (graph.getNodeCount() == 0 || model.getOpsetImportCount() == 0) {
            throw new InvalidModelException(
                    file, "not an ONNX model: it holds no graph (" + model.getSerializedSize() + " bytes)");
        }
        for (OperatorSetIdProto each : model.getOpsetImportList()) {
            boolean standard = each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx");
            if (standard && (each.getVersion() < OLDEST_OPSET || each.getVersion() > NEWEST_OPSET)) {
                throw new InvalidModelException(
                        file,
                        "operator set " + each.getVersion() + " is outside " + OLDEST_OPSET + " to " + NEWEST_OPSET
                                + ": export it for one of these");
            }
        }
        functions(model);
        tensors(graph);
        for (FunctionProto function : model.getFunctionsList()) {
            for (NodeProto node : function.getNodeList()) {
                tensors(node);
            }
        }
    }

    /** Checks that the normalised model is still about as large as its file, and that its constants are harmless. */
    void normalised(ModelProto model, int fileBytes) throws InvalidModelException {
        long bytes = 0;
        Map<String, TensorProto> constants = new HashMap<>();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            bytes += tensor.getSerializedSize();
            constants.put(tensor.getName(), tensor);
        }
        if (bytes > 4L * fileBytes + FREE_GROWTH) {
            throw new InvalidModelException(
                    file, fileBytes + " bytes become weights of " + bytes + ": too many share one initializer");
        }
        for (NodeProto node : model.getGraph().getNodeList()) {
            int input = StandardOperators.facts(node.getOpType()).extentInput().orElse(Integer.MAX_VALUE);
            if (input < node.getInputCount()) {
                TensorProto extents = constants.get(node.getInput(input));
                if (extents != null) {
                    extents(node, extents);
                }
            }
        }
    }

    private void extents(NodeProto node, TensorProto tensor) throws InvalidModelException {
        long product = 1;
        for (long each : Tensors.toConstant(tensor).map(ConstantTensor::longs).orElseGet(() -> new long[0])) {
            // 0 and -1 stand for what the other extents leave.
            long extent = Math.max(1, each);
            if (extent > MAX_ELEMENTS / product) {
                throw new InvalidModelException(
                        file,
                        node.getOpType() + " '" + node.getName() + "' asks for more than " + MAX_ELEMENTS
                                + " elements by '" + tensor.getName() + "'");
            }
            product *= extent;
        }
    }

    private void tensors(GraphProto graph) throws InvalidModelException {
        if (graph.getSparseInitializerCount() > 0) {
            throw new InvalidModelException(file, "sparse initializers are not supported: write them dense");
        }
        Set<String> names = new HashSet<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (!names.add(tensor.getName())) {
                throw new InvalidModelException(file, "two initializers are called '" + tensor.getName() + "'");
            }
            Tensors.check(tensor);
        }
        for (NodeProto node : graph.getNodeList()) {
            tensors(node);
        }
    }

    private void tensors(NodeProto node) throws InvalidModelException {
        if (node.getOutputCount() == 0) {
            throw new InvalidModelException(file, node.getOpType() + " '" + node.getName() + "' has no output");
        }
        // Every pass that follows reads these inputs by their places.
        int fewest = Set.of("", "ai.onnx").contains(node.getDomain())
                ? StandardOperators.facts(node.getOpType()).fewestInputs()
                : 0;
        if (node.getInputCount() < fewest) {
            throw new InvalidModelException(
                    file,
                    node.getOpType() + " '" + node.getName() + "' has " + node.getInputCount() + " inputs; it needs "
                            + fewest);
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasT()) {
                Tensors.check(attribute.getT());
            }
            attribute.getTensorsList().forEach(Tensors::check);
            if (attribute.hasG()) {
                tensors(attribute.getG());
            }
            for (GraphProto graph : attribute.getGraphsList()) {
                tensors(graph);
            }
            if (attribute.hasSparseTensor() || attribute.getSparseTensorsCount() > 0) {
                throw new InvalidModelException(file, "node '" + node.getName() + "' has a sparse tensor");
            }
        }
    }

    /** Functions are written out where they are called: ten that call each other twice are a thousand, a circle never ends. */
    private void functions(ModelProto model) throws InvalidModelException {
        Map<List<String>, FunctionProto> byName = new HashMap<>();
        for (FunctionProto function : model.getFunctionsList()) {
            byName.put(List.of(function.getDomain(), function.getName()), function);
        }
        if (!byName.isEmpty()) {
            Map<List<String>, Long> sizes = new HashMap<>();
            size(model.getGraph().getNodeList(), byName, sizes, 0);
        }
    }

    private long size(
            List<NodeProto> nodes, Map<List<String>, FunctionProto> functions, Map<List<String>, Long> sizes, int depth)
            throws InvalidModelException {
        long size = 0;
        for (NodeProto node : nodes) {
            List<String> name = List.of(node.getDomain(), node.getOpType());
            FunctionProto function = functions.get(name);
            Long known = sizes.get(name);
            if (function != null && known == null) {
                if (depth > functions.size()) {
                    throw new InvalidModelException(file, "function '" + node.getOpType() + "' calls itself");
                }
                known = size(function.getNodeList(), functions, sizes, depth + 1);
                sizes.put(name, known);
            }
            size += 1 + (known == null ? 0 : known);
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    size += size(attribute.getG().getNodeList(), functions, sizes, depth);
                }
            }
            if (size > MAX_NODES) {
                throw new InvalidModelException(
                        file, "its functions written out are more than " + MAX_NODES + " nodes");
            }
        }
        return size;
    }
}
