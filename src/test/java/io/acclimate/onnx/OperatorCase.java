package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.node.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One of ONNX's own operator tests: a folder with a model and sets of inputs and outputs. */
public final class OperatorCase {
    private static final Set<DataType> TYPES = Set.of(DataType.FLOAT, DataType.INT64, DataType.INT32, DataType.BOOL);

    private final Path folder;
    private final ModelProto model;

    public OperatorCase(Path folder) throws IOException {
        this.folder = folder;
        this.model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx")));
    }

    /** {@code category/test}. */
    public String name() {
        return folder.subpath(folder.getNameCount() - 2, folder.getNameCount()).toString();
    }

    /** A node on its own. */
    public static GraphNode node(
            String type, int opset, Map<String, Object> attributes, List<String> inputs, List<String> outputs) {
        try {
            byte[] onnx = new GraphBuilder("one", opset)
                    .node(type, inputs, outputs, attributes)
                    .toOnnx();
            return nodes(ModelProto.parseFrom(onnx)).get(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A model of that node alone, its inputs {@code x0, x1, …} as initializers (none where empty), the first outputs float32.
     *
     * @param types of the inputs that are neither float32 nor int64, by number
     */
    public static byte[] alone(
            GraphNode node,
            Map<String, Object> attributes,
            List<Optional<ConstantTensor>> inputs,
            int floatOutputs,
            Map<Integer, DataType> types) {
        try {
            byte[] onnx = new GraphBuilder("one", node.opset())
                    .node(node.type(), node.inputs(), node.outputs(), attributes)
                    .toOnnx();
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            for (int i = 0; i < inputs.size(); i++) {
                if (inputs.get(i).isPresent()) {
                    model.getGraphBuilder()
                            .addInitializer(proto("x" + i, inputs.get(i).get(), types.get(i)));
                }
            }
            for (String output : node.outputs().subList(0, floatOutputs)) {
                model.getGraphBuilder()
                        .addOutputBuilder()
                        .setName(output)
                        .getTypeBuilder()
                        .getTensorTypeBuilder()
                        .setElemType(DataType.FLOAT.getNumber());
            }
            return model.build().toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TensorProto proto(String name, ConstantTensor tensor, @Nullable DataType type) {
        if (!tensor.integral()) {
            return Tensors.toProto(name, FloatTensor.wrap(tensor.shape(), tensor.floats()));
        }
        TensorProto plain = Tensors.toProto(name, tensor.shape(), tensor.longs());
        if (type == null) {
            return plain;
        }
        TensorProto.Builder proto = plain.toBuilder().clearInt64Data().setDataType(type.getNumber());
        for (long value : tensor.longs()) {
            proto.addInt32Data((int) value);
        }
        return proto.build();
    }

    public List<GraphNode> nodes() {
        return nodes(model);
    }

    private static List<GraphNode> nodes(ModelProto model) {
        Map<String, Integer> opsets = new HashMap<>();
        for (OperatorSetIdProto each : model.getOpsetImportList()) {
            opsets.put(each.getDomain(), (int) each.getVersion());
        }
        List<GraphNode> nodes = new ArrayList<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            nodes.add(new GraphNode(
                    node.getOpType(),
                    node.getDomain(),
                    opsets.getOrDefault(node.getDomain(), 1),
                    node.getOpType() + "_" + nodes.size(),
                    node.getInputList(),
                    node.getOutputList(),
                    new Attributes(node.getAttributeList())));
        }
        return nodes;
    }

    /** The float32 inputs that the test feeds. */
    public Set<String> floatInputs() {
        return floats(model.getGraph().getInputList());
    }

    public Set<String> floatOutputs() {
        return floats(model.getGraph().getOutputList());
    }

    private static Set<String> floats(List<ValueInfoProto> values) {
        return values.stream()
                .filter(value -> value.getType().hasTensorType()
                        && value.getType().getTensorType().getElemType() == DataType.FLOAT.getNumber())
                .map(ValueInfoProto::getName)
                .collect(Collectors.toSet());
    }

    /** The first type of an input or output that is neither float, int64, int32 nor bool. */
    public Optional<String> otherType() {
        List<ValueInfoProto> values = new ArrayList<>(model.getGraph().getInputList());
        values.addAll(model.getGraph().getOutputList());
        for (ValueInfoProto value : values) {
            if (!value.getType().hasTensorType()) {
                return Optional.of("no tensor");
            }
            DataType type = DataType.forNumber(value.getType().getTensorType().getElemType());
            if (!TYPES.contains(type)) {
                return Optional.of(type.name());
            }
        }
        return Optional.empty();
    }

    /** The data sets' folders. */
    public List<Path> sets() throws IOException {
        try (var list = Files.list(folder)) {
            return list.filter(Files::isDirectory).sorted().toList();
        }
    }

    public Map<String, ConstantTensor> inputs(Path set) throws IOException {
        Map<String, ConstantTensor> initial = new LinkedHashMap<>();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            Tensors.toConstant(tensor).ifPresent(each -> initial.put(tensor.getName(), each));
        }
        Map<String, ConstantTensor> inputs =
                tensors(set, "input_", model.getGraph().getInputList());
        initial.forEach(inputs::putIfAbsent);
        return inputs;
    }

    public Map<String, ConstantTensor> outputs(Path set) throws IOException {
        return tensors(set, "output_", model.getGraph().getOutputList());
    }

    private static Map<String, ConstantTensor> tensors(Path set, String prefix, List<ValueInfoProto> values)
            throws IOException {
        Map<String, ConstantTensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Path file = set.resolve(prefix + i + ".pb");
            if (Files.exists(file)) {
                tensors.put(
                        values.get(i).getName(),
                        Tensors.toConstant(TensorProto.parseFrom(Files.readAllBytes(file)))
                                .orElseThrow(() -> new IOException(file + " is of an unsupported type")));
            }
        }
        return tensors;
    }
}
