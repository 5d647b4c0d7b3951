package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.acclimate.onnx.ConstantTensor;
import io.acclimate.onnx.GraphNode;
import io.acclimate.onnx.OperatorCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** ONNX's own operator tests, as Debian's libonnx-testdata installs them, through the trainable graph. */
@Tag("conformance")
class ConformanceIT {
    private static final Path DATA = Path.of("/usr/share/libonnx-testdata/data");
    private static final Path LISTED = Path.of("src/test/resources/io/acclimate/train/conformance-left-out.txt");
    private static final List<String> CATEGORIES = List.of("node", "simple", "pytorch-operator", "pytorch-converted");

    private static final String CORNERS =
            "expects corners on a fractional size; here, as in ONNX Runtime, they are on whole outputs";

    /** Where ONNX Runtime, which serves, differs from ONNX's own reference. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "node/test_resize_downsample_scales_cubic_align_corners", CORNERS,
            "node/test_resize_downsample_scales_linear_align_corners", CORNERS);

    @Test
    void everyTestPassesExceptThoseListedWithTheirReason() throws IOException {
        List<String> leftOut = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        int total = 0;
        int claimed = 0;
        int reachable = 0;
        for (OperatorCase test : cases()) {
            total++;
            Optional<String> scope = outOfScope(test);
            reachable += scope.isEmpty() ? 1 : 0;
            Optional<String> reason = scope.or(() -> Optional.ofNullable(OTHERWISE.get(test.name())));
            reason = reason.isPresent() ? reason : run(test, failures);
            claimed += reason.isEmpty() ? 1 : 0;
            reason.ifPresent(each -> leftOut.add(test.name() + ": " + each));
        }
        Files.write(Path.of("target/conformance-left-out.txt"), leftOut);
        System.out.printf(
                Locale.ROOT,
                "conformance: %d passed of %d claimed; %d have only operators of the table and types float, int64, bool;"
                        + " %d tests in all%n",
                claimed - failures.size(),
                claimed,
                reachable,
                total);

        assertThat(failures).isEmpty();
        assertThat(leftOut).isEqualTo(Files.readAllLines(LISTED));
    }

    private static List<OperatorCase> cases() throws IOException {
        List<OperatorCase> cases = new ArrayList<>();
        for (String category : CATEGORIES) {
            try (var folders = Files.list(DATA.resolve(category))) {
                for (Path folder : folders.filter(each -> Files.exists(each.resolve("model.onnx")))
                        .sorted()
                        .toList()) {
                    cases.add(new OperatorCase(folder));
                }
            }
        }
        return cases;
    }

    private static Optional<String> outOfScope(OperatorCase test) {
        return test.nodes().stream()
                .filter(node -> OperatorTable.find(node.type(), node.domain()).isEmpty())
                .map(node -> "no operator " + (node.domain().isEmpty() ? "" : node.domain() + ".") + node.type())
                .findFirst()
                .or(() -> test.otherType().map(type -> "type " + type));
    }

    /** The reason why the test is refused by name; a wrong result is a failure. */
    private static Optional<String> run(OperatorCase test, List<String> failures) throws IOException {
        try (NDManager step = TorchEngine.newManager()) {
            for (Path set : test.sets()) {
                Map<String, Value> values = new HashMap<>();
                test.inputs(set).forEach((name, tensor) -> values.put(name, value(step, tensor)));
                List<GraphNode> nodes = test.nodes();
                TrainableGraph.walk(nodes, values, step);
                for (Map.Entry<String, ConstantTensor> wanted :
                        test.outputs(set).entrySet()) {
                    Value got = values.get(wanted.getKey());
                    if (got == null) {
                        return Optional.of("output '" + wanted.getKey() + "' is not computed");
                    }
                    String difference = difference(step, got, wanted.getValue());
                    if (!difference.isEmpty()) {
                        failures.add(test.name() + " " + wanted.getKey() + ": " + difference);
                        return Optional.empty();
                    }
                }
            }
            return Optional.empty();
        } catch (UnsupportedNodeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            String text = String.valueOf(e.getMessage());
            failures.add(test.name() + ": " + e.getClass().getSimpleName() + " "
                    + text.lines().findFirst().orElse(""));
            return Optional.empty();
        }
    }

    private static Value value(NDManager manager, ConstantTensor tensor) {
        return tensor.integral()
                ? new Value.Fixed(tensor)
                : new Value.Dense(manager.create(tensor.floats(), Call.djl(tensor.shape())));
    }

    private static String difference(NDManager manager, Value got, ConstantTensor wanted) {
        NDArray array = got instanceof Value.Dense dense
                ? dense.array()
                : manager.create(
                        ((Value.Fixed) got).tensor().floats(),
                        Call.djl(((Value.Fixed) got).tensor().shape()));
        boolean integral =
                got instanceof Value.Fixed fixed ? fixed.tensor().integral() : array.getDataType() != DataType.FLOAT32;
        if (integral != wanted.integral()) {
            return "is of type " + array.getDataType();
        }
        long[] extents = array.getShape().getShape();
        long[] expected = LongStream.of(Call.djl(wanted.shape()).getShape()).toArray();
        if (!Arrays.equals(extents, expected)) {
            return "has shape " + Arrays.toString(extents) + ", not " + Arrays.toString(expected);
        }
        float[] values = array.toType(DataType.FLOAT32, false).toFloatArray();
        float[] reference = wanted.floats();
        for (int i = 0; i < values.length; i++) {
            boolean close = Math.abs(values[i] - reference[i]) <= 1e-5 + 1e-3 * Math.abs(reference[i]);
            if (!close && Float.compare(values[i], reference[i]) != 0) {
                return "differs at " + i + ": " + values[i] + ", not " + reference[i];
            }
        }
        return "";
    }
}
