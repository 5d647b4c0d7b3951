package io.acclimate.app.bench.adapt;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.app.options.DriftOption;
import io.acclimate.app.options.GateOptions;
import io.acclimate.app.options.LossOptions;
import io.acclimate.app.options.OptimizerOptions;
import io.acclimate.app.options.TrainableOption;
import io.acclimate.app.options.UnlabelledOption;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench adapt}: measures how well a domain is learnt, and whether a served version is ever worse than the source model. */
@Command(
        name = "adapt",
        description = {
            "Runs the worker of one domain for each combination of a stream, a label quality, a number of labels and a network, and"
                    + " compares the served versions with the source model. It needs no Kafka and runs in one thread.",
            "Each combination runs once for each seed."
        })
public final class BenchAdaptCommand implements Callable<Integer> {
    private static final String ALL_STREAMS =
            "invert,blend,noise,blur,contrast,rotate,occlude,colour,fog,none,abrupt:blend,gradual:blend,aba:blend:invert";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--streams",
            split = ",",
            paramLabel = "NAME",
            description = "The streams of images: " + StreamPlan.FORMS + " (default: ${DEFAULT-VALUE}).",
            defaultValue = ALL_STREAMS)
    List<String> streams = List.of();

    @Option(
            names = "--quality",
            split = ",",
            paramLabel = "NAME",
            description =
                    "clean, random-20, random-40, random-100, one-class, one-class-first, sorted, shifted; or 200 pictures over and over:"
                            + " repeated, repeated-random-40, repeated-random-100, repeated-sorted, repeated-sorted-random-40,"
                            + " repeated-sorted-random-100 (default: ${DEFAULT-VALUE}).",
            defaultValue = "clean,random-100")
    List<String> qualities = List.of();

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "N",
            description = "The numbers of labels that a stream has; 0 measures what images without labels do"
                    + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "100,1024")
    List<Integer> labels = List.of();

    @Option(
            names = "--networks",
            split = ",",
            paramLabel = "NAME|FILE|DIR",
            description = SuiteNetworks.FORMS + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "bundled")
    List<String> networks = List.of();

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            description =
                    "The seeds. A seed decides the order of the images, their shifts, the wrong labels and the random choices"
                            + " of training (default: ${DEFAULT-VALUE}).",
            defaultValue = "1,2,3")
    List<Long> seeds = List.of();

    @Option(
            names = "--data",
            paramLabel = "NAME",
            description = "The data set: " + DataSets.FORMS
                    + ". Its test split is streamed, and its train split is the source set"
                    + " (default: ${DEFAULT-VALUE}).")
    String data = "bundled";

    @Option(
            names = "--source-data",
            paramLabel = "NAME",
            description =
                    "The data set whose train split is the source set; none for no source set (default: that of --data).")
    String sourceData = "";

    @Option(
            names = "--test-images",
            paramLabel = "N",
            description = "The number of images that are kept for tests (default: ${DEFAULT-VALUE}).")
    int testImages = 1500;

    @Mixin
    GateOptions gate;

    @Mixin
    UnlabelledOption unlabelled;

    @Mixin
    DriftOption drift;

    @Option(
            names = "--unlabelled-images",
            paramLabel = "N",
            description =
                    "With --unlabelled ALIGN or SERVE: the number of images that come without labels before the first label"
                            + " (default: ${DEFAULT-VALUE}).")
    int unlabelledImages = 512;

    @Mixin
    TrainableOption trainable;

    @Mixin
    OptimizerOptions optimizer;

    @Mixin
    LossOptions loss;

    @Option(
            names = "--short",
            description =
                    "Replace the defaults by a selection that takes a minute: the streams blend and none, the qualities clean and"
                            + " random-100, 1024 labels, and seed 1.")
    boolean brief;

    @Mixin
    SuiteBars bars = new SuiteBars();

    @Option(names = "--json", paramLabel = "FILE", description = "Also write all results to this file, as JSON.")
    Optional<Path> json = Optional.empty();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write a page with a table and plots to this file.")
    Optional<Path> html = Optional.empty();

    private final RoleSettings defaults;

    public BenchAdaptCommand() {
        this(RoleSettings.defaults());
    }

    public BenchAdaptCommand(RoleSettings defaults) {
        this.defaults = defaults;
        this.gate = new GateOptions(defaults.adapt().gate());
        this.unlabelled = new UnlabelledOption(defaults.adapt().unlabelled());
        this.drift = new DriftOption(defaults.adapt().evaluation().drift());
        this.trainable = new TrainableOption(defaults.adapt().train().trainable());
        this.optimizer = new OptimizerOptions(defaults.adapt().train().optimizer());
        this.loss = new LossOptions(defaults.adapt().train().terms());
    }

    /** The settings that {@code adapt} runs by default, with the gate, the weights, the optimiser and the loss that were asked for. */
    AdaptSettings settings() {
        return defaults.adapt()
                .withGate(gate.settings())
                .withUnlabelled(defaults.adapt().unlabelled().withUse(unlabelled.use()))
                .withEvaluation(defaults.adapt().evaluation().withDrift(drift.settings()))
                .withTrain(defaults.adapt()
                        .train()
                        .withTrainable(trainable.value())
                        .withOptimizer(optimizer.settings())
                        .withTerms(loss.terms()));
    }

    @Override
    public Integer call() throws Exception {
        List<Cell> cells = cells();
        PrintWriter out = spec.commandLine().getOut();
        List<CellResult> results = new ArrayList<>();
        long total = cells.stream().mapToLong(Cell::labels).sum();
        long[] done = new long[1];
        out.println(SuiteReport.HEAD);
        try (SuiteNetworks known = new SuiteNetworks(data);
                ProgressView progress =
                        ProgressView.open("labels", total, spec.commandLine().getErr())) {
            for (Cell cell : cells) {
                ModelGraph graph = known.graph(cell.network());
                LabelledImages images = known.images(cell.network());
                Optional<Samples> source = known.source(cell.network(), sourceData);
                CellResult result = new CellRun(cell, graph.card().classes().count())
                        .run(
                                graph,
                                source,
                                images,
                                testImages,
                                settings(),
                                labelled -> progress.at(done[0] + labelled, cell.group() + " seed " + cell.seed()));
                done[0] += cell.labels();
                results.add(result);
                if (lastOfGroup(cells, cell)) {
                    SuiteReport all = new SuiteReport(results);
                    out.println(all.groups().get(all.groups().size() - 1).line());
                    out.flush();
                }
            }
        }
        SuiteReport report = new SuiteReport(results);
        if (json.isPresent()) {
            report.writeJson(json.get());
        }
        if (html.isPresent()) {
            new SuitePage(report).write(html.get());
        }
        List<String> missed = bars.missed(results);
        missed.forEach(spec.commandLine().getErr()::println);
        return missed.isEmpty() ? 0 : 1;
    }

    private static boolean lastOfGroup(List<Cell> cells, Cell cell) {
        int next = cells.indexOf(cell) + 1;
        return next == cells.size() || !cells.get(next).group().equals(cell.group());
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        try {
            for (String network : SuiteNetworks.listed(networks)) {
                for (String stream : brief && isDefault("--streams") ? List.of("blend", "none") : streams) {
                    for (String quality : qualities) {
                        for (int count : brief && isDefault("--labels") ? List.of(1024) : labels) {
                            for (long seed : brief && isDefault("--seeds") ? List.of(1L) : seeds) {
                                cells.add(new Cell(
                                        network,
                                        StreamPlan.parse(stream),
                                        LabelQuality.parse(quality),
                                        unlabelled.use() == UnlabelledSettings.Use.OFF ? 0 : unlabelledImages,
                                        count,
                                        seed));
                            }
                        }
                    }
                }
            }
        } catch (IllegalArgumentException | IOException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return cells;
    }

    private boolean isDefault(String option) {
        return !spec.commandLine().getParseResult().hasMatchedOption(option);
    }
}
