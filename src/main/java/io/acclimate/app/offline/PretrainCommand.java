package io.acclimate.app.offline;

import io.acclimate.app.data.ImageRows;
import io.acclimate.app.terminal.Figures;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.ClassNames;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.LossTerms;
import io.acclimate.train.Trainer;
import io.acclimate.train.offline.OfflineTraining;
import io.acclimate.train.offline.SmallCnn;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pretrain}: trains a fresh source model on a labelled data set. */
@Command(
        name = "pretrain",
        description = {
            "Trains a fresh small network on a data set and writes it as ONNX with its card.",
            "The network: 3x32x32 in, convolution 6x5x5, pool, convolution 16x5x5, pool, layers of 120, 84 and the classes."
        })
public final class PretrainCommand implements Callable<Integer> {
    @Option(
            names = "--class-names",
            split = ",",
            description = "The names of the classes, in the order of their indices (default: the data set's).")
    List<String> classNames = List.of();

    @Mixin
    TrainingOptions options = new TrainingOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter screen = json.asked() ? spec.commandLine().getErr() : out;
        LabelledImages train = DataSets.open(options.data, "train");
        LabelledImages test = DataSets.open(options.data, "test");
        ClassNames classes = classNames.isEmpty() ? train.classNames() : new ClassNames(classNames);
        if (classes.count() < train.classNames().count()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--class-names gives " + classes.count() + " names, the data has "
                            + train.classNames().count() + " classes");
        }
        ModelGraph fresh = SmallCnn.fresh(stem(options.out), classes, options.seed);
        try (Trainer trainer = Trainer.open(fresh, WeightDelta.EMPTY, options.trainer("all", LossTerms.defaults()));
                TrainingScreen progress = new TrainingScreen(screen)) {
            double parity = trainer.prove(OnnxRuntimeReference.reference(fresh, WeightDelta.EMPTY));
            screen.println(
                    train.size() + " training and " + test.size() + " test images, " + classes + ", parity " + parity);
            OfflineTraining training =
                    new OfflineTraining(trainer, fresh.card().input().picture(), options.loop());
            List<OfflineTraining.Epoch> epochs = training.run(
                    new ImageRows(train, fresh.card().input()),
                    Optional.empty(),
                    Optional.of(new ImageRows(test, fresh.card().input())),
                    progress::onStep,
                    progress::onEpoch);
            double accuracy = epochs.get(epochs.size() - 1).testAccuracy().orElse(Double.NaN);
            ModelCard card = fresh.card()
                    .withProvenance(options.provenance(
                            "pretrain", spec.commandLine().getParseResult().originalArgs(), accuracy));
            ModelGraph.of(fresh.export(trainer.weights()), card).write(options.out, WeightDelta.EMPTY);
            screen.println("test accuracy " + Figures.percent(accuracy) + ", wrote " + options.out + " and "
                    + ModelCard.beside(options.out));
            if (json.asked()) {
                JsonOption.print(TrainingResult.of(options.out, classes, epochs), out);
            }
        }
        return 0;
    }

    private static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.onnx$", "");
    }
}
