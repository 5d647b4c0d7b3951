package io.acclimate.app.bench;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench train}: compares the trainable graph with the same network written by hand in DJL and in PyTorch, in one run. */
@Command(
        name = "train",
        description = {
            "Compares training of ONNX graphs with networks written by hand in DJL and in PyTorch.",
            "It trains a LeNet and a residual network with batches of 32, one thread each; PyTorch only where python3 has torch."
                    + " The exit code is 1 when a bar is missed."
        })
final class BenchTrainCommand implements Callable<Integer> {
    private static final int ROWS = 32;
    private static final float RATE = 0.001f;
    static final String OURS = "trainable graph";
    static final String DJL = "DJL by hand";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--steps", description = "Steps of one pass (default: ${DEFAULT-VALUE}).")
    int steps = 200;

    @Option(
            names = "--rounds",
            description = "Passes of each part, of which the best counts (default: ${DEFAULT-VALUE}).")
    int rounds = 5;

    @Mixin
    JsonOption json = new JsonOption();

    private final RoleSettings defaults;

    BenchTrainCommand() {
        this(RoleSettings.defaults());
    }

    BenchTrainCommand(RoleSettings defaults) {
        this.defaults = defaults;
    }

    @Override
    public Integer call() throws Exception {
        List<BenchResult.Table> tables = new ArrayList<>();
        for (BenchNetwork network : BenchNetwork.values()) {
            BenchResult.Table table = compare(network);
            tables.add(table);
            if (!json.asked()) {
                print(table, spec.commandLine().getOut());
            }
        }
        BenchResult result = new BenchResult("train", Map.of("steps", steps, "rounds", rounds, "batch", ROWS), tables);
        if (json.asked()) {
            JsonOption.print(result.json(), spec.commandLine().getOut());
        }
        return result.holds() ? 0 : 1;
    }

    /** The settings that {@code adapt} trains with, except for the learning rate and for weight decay, which the other two lack. */
    TrainSettings settings() {
        TrainSettings train = defaults.adapt().train();
        OptimizerSettings optimizer = train.optimizer();
        return train.withOptimizer(
                new OptimizerSettings(OptimizerSettings.Kind.SGD, RATE, optimizer.momentum(), 0, optimizer.clip()));
    }

    private BenchResult.Table compare(BenchNetwork network) throws Exception {
        Random random = new Random(1);
        float[] inputs = new float[ROWS * 3 * 32 * 32];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            classes.add(random.nextInt(BenchNetwork.CLASSES));
        }
        LabelledBatch batch = new LabelledBatch(FloatTensor.wrap(Shape.of(ROWS, 3, 32, 32), inputs), classes);
        int[] labels = classes.stream().mapToInt(Integer::intValue).toArray();
        ModelGraph graph = network.graph();
        TrainSettings settings = settings();
        Map<String, BenchCost> costs = new LinkedHashMap<>();
        try (Trainer trainer = Trainer.open(graph, WeightDelta.EMPTY, settings);
                BenchDjl djl = new BenchDjl(
                        network, ROWS, RATE, (float) settings.optimizer().momentum())) {
            for (int round = -1; round < rounds; round++) {
                BenchCost ours = timed(() -> trainer.step(batch, Optional.empty()));
                BenchCost byHand = timed(() -> djl.step(inputs, labels));
                Optional<BenchPython.Result> python =
                        round < 0 ? Optional.empty() : BenchPython.steps(network, steps, ROWS);
                if (round >= 0) {
                    costs.merge(OURS, ours, BenchCost::best);
                    costs.merge(DJL, byHand, BenchCost::best);
                }
                python.ifPresent(result -> costs.merge("PyTorch " + result.version(), result.cost(), BenchCost::best));
                spec.commandLine().getErr().printf("%s: round %d of %d done%n", network, round + 1, rounds);
            }
        }
        return table(network.toString(), costs);
    }

    private BenchCost timed(Runnable step) {
        return BenchCost.of(steps * ROWS, () -> {
            for (int i = 0; i < steps; i++) {
                step.run();
            }
        });
    }

    static BenchResult.Table table(String network, Map<String, BenchCost> costs) {
        List<BenchRatio> ratios = new ArrayList<>();
        for (String other : costs.keySet()) {
            if (!other.equals(OURS)) {
                ratios.add(BenchRatio.atLeast(
                        "steps/s / " + other, speed(costs, OURS) / speed(costs, other), other.equals(DJL) ? 0.8 : 1.0));
            }
        }
        return new BenchResult.Table(network, costs, ratios);
    }

    private static void print(BenchResult.Table table, PrintWriter out) {
        out.printf("%n%-42s %16s %12s%n", table.name() + ", batch " + ROWS, "CPU us/sample", "steps/s");
        table.costs()
                .forEach((name, cost) ->
                        out.printf("%-42s %16.1f %12.1f%n", name, cost.cpuMicros(), cost.imagesPerSecond() / ROWS));
        table.ratios().forEach(ratio -> ratio.print(out));
        if (table.costs().size() == 2) {
            out.printf("python3 here has no torch: not compared with it%n");
        }
        out.flush();
    }

    private static double speed(Map<String, BenchCost> costs, String name) {
        BenchCost cost = costs.get(name);
        if (cost == null) {
            throw new IllegalStateException("'" + name + "' was not measured");
        }
        return cost.imagesPerSecond();
    }
}
