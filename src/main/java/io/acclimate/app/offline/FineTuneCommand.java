package io.acclimate.app.offline;

import io.acclimate.app.data.ImageRows;
import io.acclimate.app.options.LossOptions;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.options.TrainableOption;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.train.LossTerms;
import io.acclimate.train.Samples;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.offline.OfflineTraining;
import java.io.PrintWriter;
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

/**
 * {@code fine-tune}: trains a model on another data set. If that set has classes which the model lacks, or if {@code --classes}
 * names other ones, the model first gets a head for them.
 */
@Command(
        name = "fine-tune",
        description = {
            "Trains a model on a target data set and writes it as ONNX with its card.",
            "When the data has classes that the model lacks, the model gets a new last layer, in which the rows of known classes"
                    + " are kept."
        })
public final class FineTuneCommand implements Callable<Integer> {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(names = "--split", description = "The part of the target data to train on (default: ${DEFAULT-VALUE}).")
    String split = "train";

    @Option(
            names = "--test-split",
            description = "The part of the target data to measure accuracy on after each epoch (default: none).")
    Optional<String> testSplit = Optional.empty();

    @Option(
            names = "--source-data",
            paramLabel = "KIND:DIR",
            description = "Source data to replay beside each batch (default: none).")
    Optional<String> sourceData = Optional.empty();

    @Mixin
    TrainableOption trainable = new TrainableOption(TrainSettings.offline().trainable());

    @Mixin
    LossOptions loss = new LossOptions(TrainSettings.offline().terms());

    @Mixin
    TrainingOptions options = new TrainingOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        LossTerms terms = loss.terms();
        if (terms.mu() > 0 && sourceData.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--mu aligns with source features and needs --source-data");
        }
        ModelGraph source = model.source();
        ClassNames known = source.card().classes();
        LabelledImages images = DataSets.open(options.data, split);
        ClassNames classes = model.classes().orElse(LabelSets.covering(known, images.classNames()));
        ModelGraph graph = source.withClasses(classes, new FreshRows.Uniform(options.seed));
        InputSpec input = graph.card().input().picture();
        Samples target = new ImageRows(LabelSets.target(images, classes), input);
        Optional<Samples> replay = Optional.empty();
        if (sourceData.isPresent()) {
            LabelledImages replayed = DataSets.open(sourceData.get(), "train");
            replay = Optional.of(new ImageRows(LabelSets.source(replayed, known, classes), input));
        }
        Optional<Samples> test = Optional.empty();
        if (testSplit.isPresent()) {
            LabelledImages held = DataSets.open(options.data, testSplit.get());
            test = Optional.of(new ImageRows(LabelSets.target(held, classes), input));
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter screen = json.asked() ? spec.commandLine().getErr() : out;
        try (Trainer trainer = Trainer.open(
                        graph,
                        WeightDelta.EMPTY,
                        options.trainer(trainable.value(), terms),
                        Optional.of(new OnnxRuntimePrefix()));
                TrainingScreen progress = new TrainingScreen(screen)) {
            double parity = trainer.prove(OnnxRuntimeReference.reference(graph, WeightDelta.EMPTY));
            screen.println(target.size() + " target images, " + classes + " (" + kept(known, classes) + " kept), "
                    + trainer.trainable().size() + " tensors to train, parity " + parity);
            List<OfflineTraining.Epoch> epochs = new OfflineTraining(trainer, input, options.loop())
                    .run(target, replay, test, progress::onStep, progress::onEpoch);
            double accuracy = epochs.get(epochs.size() - 1).testAccuracy().orElse(Double.NaN);
            trainer.prove(OnnxRuntimeReference.reference(graph, trainer.weights()));
            ModelCard card = graph.card().replacingProvenance(provenance(source, classes, accuracy));
            ModelGraph.of(graph.export(trainer.weights()), card).write(options.out, WeightDelta.EMPTY);
            screen.println("wrote " + options.out + " and " + ModelCard.beside(options.out));
            if (json.asked()) {
                JsonOption.print(TrainingResult.of(options.out, classes, epochs), out);
            }
        }
        return 0;
    }

    private static long kept(ClassNames known, ClassNames classes) {
        return classes.names().stream().filter(known.names()::contains).count();
    }

    /** The provenance on the base model's card is kept under {@code base.}. */
    private Map<String, String> provenance(ModelGraph source, ClassNames classes, double accuracy) {
        Map<String, String> facts = new TreeMap<>();
        source.card().provenance().forEach((key, value) -> facts.put("base." + key, value));
        facts.put("base.digest", source.digest().hex());
        facts.put("base.classes", String.valueOf(source.card().classes().count()));
        facts.put("classesKept", String.valueOf(kept(source.card().classes(), classes)));
        facts.putAll(options.provenance(
                "fine-tune", spec.commandLine().getParseResult().originalArgs(), accuracy));
        return facts;
    }
}
