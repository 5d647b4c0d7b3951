package io.acclimate.app.offline;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.onnx.ModelCard;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.OfflineTraining;
import io.acclimate.train.Samples;
import io.acclimate.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fine-tune}: a model goes on training on another data set of the same classes. */
@Command(
        name = "fine-tune",
        description =
                "Trains a model further on a target data set of the same classes, and writes it as ONNX with its card.")
public final class FineTuneCommand implements Callable<Integer> {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "KIND:DIR",
            description = "The target data: " + DataSets.FORMS + ".")
    String data = "";

    @Option(
            names = "--split",
            description = "The split of the target data to train on (default: ${DEFAULT-VALUE}).",
            defaultValue = "train")
    String split = "train";

    @Option(names = "--test-split", description = "Measures accuracy after each epoch when given.")
    Optional<String> testSplit = Optional.empty();

    @Option(names = "--source-data", paramLabel = "KIND:DIR", description = "Source data to replay beside each batch.")
    Optional<String> sourceData = Optional.empty();

    @Option(
            names = "--trainable",
            description = "all, head, last:N, norm or name:REGEX (default: ${DEFAULT-VALUE}).",
            defaultValue = "all")
    String trainable = "all";

    @Option(
            names = "--lambda",
            description = "Weight of the source replay term (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    double lambda = 1;

    @Option(
            names = "--mu",
            description = "Weight of the CORAL term; needs source data (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    double mu;

    @Option(names = "--out", required = true, paramLabel = "NAME.onnx", description = "The model file to write.")
    Path out = Path.of("model.onnx");

    @Mixin
    TrainingOptions options = new TrainingOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (mu > 0 && sourceData.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--mu aligns with source features and needs --source-data");
        }
        ModelGraph graph = model.graph();
        InputSpec input = graph.card().input();
        ClassNames classes = graph.card().classes();
        Samples target = samples(data, split, input, classes);
        Optional<Samples> source = sourceData.isPresent()
                ? Optional.of(samples(sourceData.get(), "train", input, classes))
                : Optional.empty();
        Optional<Samples> test =
                testSplit.isPresent() ? Optional.of(samples(data, testSplit.get(), input, classes)) : Optional.empty();
        PrintWriter screen = spec.commandLine().getOut();
        try (Trainer trainer = Trainer.open(graph, WeightDelta.EMPTY, options.trainer(trainable, lambda, mu));
                TrainingScreen progress = new TrainingScreen(screen)) {
            double parity = trainer.prove(Parity.reference(graph, WeightDelta.EMPTY));
            screen.println(target.size() + " target images, "
                    + trainer.trainable().size() + " tensors to train, parity " + parity);
            List<OfflineTraining.Epoch> epochs = new OfflineTraining(trainer, input, options.loop())
                    .run(target, source, test, progress::onStep, progress::onEpoch);
            double accuracy = epochs.get(epochs.size() - 1).testAccuracy().orElse(Double.NaN);
            trainer.prove(Parity.reference(graph, trainer.weights()));
            Map<String, String> facts = new TreeMap<>();
            graph.card().provenance().forEach((key, value) -> facts.put("base." + key, value));
            facts.put("base.digest", graph.digest().hex());
            facts.putAll(options.provenance(
                    "fine-tune", spec.commandLine().getParseResult().originalArgs(), accuracy));
            ModelCard card = graph.card();
            ModelCard named = new ModelCard(
                    card.name(), card.inputName(), input, card.outputName(), card.outputKind(), classes, facts);
            ModelGraph.of(graph.export(trainer.weights()), named).write(out, WeightDelta.EMPTY);
            screen.println("wrote " + out + " and " + ModelCard.beside(out));
        }
        return 0;
    }

    /** A set whose classes are the model's: by name where both have the name, by index where the set only numbers them. */
    private Samples samples(String name, String part, InputSpec input, ClassNames classes) throws Exception {
        LabelledImages images = DataSets.open(name, part);
        List<String> theirs = images.classNames().names();
        int[] map = new int[theirs.size()];
        for (int i = 0; i < map.length; i++) {
            String unknown = "the model has no class '" + theirs.get(i) + "' of " + name + "; its classes are "
                    + classes.names();
            map[i] = classes.resolve(theirs.get(i))
                    .orElseThrow(() -> new ParameterException(spec.commandLine(), unknown));
        }
        TrainingData rows = new TrainingData(images, input);
        return new Samples() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public FloatTensor row(int index) {
                return rows.row(index);
            }

            @Override
            public int label(int index) {
                return map[rows.label(index)];
            }
        };
    }
}
