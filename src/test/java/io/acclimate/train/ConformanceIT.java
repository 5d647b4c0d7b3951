package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.acclimate.onnx.OperatorCase;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.operators.Call;
import io.acclimate.train.operators.OperatorTable;
import io.acclimate.train.operators.UnsupportedNodeException;
import io.acclimate.train.operators.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own operator tests, as Debian's libonnx-testdata installs them, through the trainable graph. A float test of operators
 * with a gradient is one in which a float32 output depends on a float32 input through inputs that ONNX's own schemas mark as
 * differentiable ({@code differentiable-operators.txt}), whatever its other types are.
 */
@Tag("conformance")
class ConformanceIT {
    private static final Path DATA = Path.of("/usr/share/libonnx-testdata/data");
    private static final Path RESOURCES = Path.of("src/test/resources/io/acclimate/train");
    private static final Path LISTED = RESOURCES.resolve("conformance-left-out.txt");
    private static final double SHARE_WITH_GRADIENT = 0.85;
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
        int withGradient = 0;
        int passedWithGradient = 0;
        Map<String, Set<String>> differentiable = differentiable();
        for (OperatorCase test : cases()) {
            total++;
            Optional<String> scope = outOfScope(test);
            int failed = failures.size();
            Optional<String> reason = scope.or(() -> Optional.ofNullable(OTHERWISE.get(test.name())));
            reason = reason.isPresent() ? reason : run(test, failures);
            claimed += reason.isEmpty() ? 1 : 0;
            if (hasGradient(test, differentiable)) {
                withGradient++;
                passedWithGradient += reason.isEmpty() && failures.size() == failed ? 1 : 0;
            }
            reason.ifPresent(each -> leftOut.add(test.name() + ": " + each));
        }
        Files.write(Path.of("target/conformance-left-out.txt"), leftOut);
        System.out.printf(
                Locale.ROOT,
                "conformance: %d passed of %d claimed, %d tests in all; float tests of operators with a gradient: %d of %d%n",
                claimed - failures.size(),
                claimed,
                total,
                passedWithGradient,
                withGradient);

        assertThat(failures).as("wrong results").isEmpty();
        assertThat(leftOut)
                .as("tests left out, in target/conformance-left-out.txt")
                .isEqualTo(Files.readAllLines(LISTED));
        assertThat((double) passedWithGradient / withGradient).isGreaterThanOrEqualTo(SHARE_WITH_GRADIENT);
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

    /** Operator to its differentiable inputs by number; {@code 0+} is every input from the first on. */
    private static Map<String, Set<String>> differentiable() throws IOException {
        Map<String, Set<String>> inputs = new HashMap<>();
        for (String line : Files.readAllLines(RESOURCES.resolve("differentiable-operators.txt"))) {
            List<String> words = List.of(line.split(" "));
            inputs.put(words.get(0), Set.copyOf(words.subList(1, words.size())));
        }
        return inputs;
    }

    private static boolean hasGradient(OperatorCase test, Map<String, Set<String>> differentiable) {
        Set<String> reached = new HashSet<>(test.floatInputs());
        for (GraphNode node : test.nodes()) {
            Set<String> inputs =
                    node.domain().isEmpty() ? differentiable.getOrDefault(node.type(), Set.of()) : Set.of();
            boolean passes = IntStream.range(0, node.inputs().size())
                    .anyMatch(i -> reached.contains(node.inputs().get(i))
                            && (inputs.contains(Integer.toString(i))
                                    || IntStream.rangeClosed(0, i).anyMatch(from -> inputs.contains(from + "+"))));
            if (passes) {
                reached.addAll(node.outputs());
            }
        }
        return test.floatOutputs().stream().anyMatch(reached::contains);
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
