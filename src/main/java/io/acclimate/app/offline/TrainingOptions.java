package io.acclimate.app.offline;

import io.acclimate.app.options.OptimizerOptions;
import io.acclimate.dataset.DataSets;
import io.acclimate.train.LossTerms;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.offline.Augmentation;
import io.acclimate.train.offline.OfflineSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the offline loop trains on, how, and into which file; shared by {@code pretrain} and {@code fine-tune}. */
final class TrainingOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "KIND:DIR",
            description = "The data to train on: " + DataSets.FORMS + ".")
    String data = "";

    @Option(names = "--out", required = true, paramLabel = "NAME.onnx", description = "The model file to write.")
    Path out = Path.of("model.onnx");

    @Option(names = "--epochs", description = "Passes over the data (default: ${DEFAULT-VALUE}).", defaultValue = "5")
    int epochs = 5;

    @Option(names = "--batch-size", description = "Images per step (default: ${DEFAULT-VALUE}).", defaultValue = "100")
    int batchSize = 100;

    @Mixin
    OptimizerOptions optimizer = new OptimizerOptions();

    @Option(names = "--weight-decay", description = "Weight decay (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    double weightDecay;

    @Option(
            names = "--schedule",
            description = "Of the learning rate: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "COSINE")
    OfflineSettings.Schedule schedule = OfflineSettings.Schedule.COSINE;

    @Option(
            names = "--augment",
            description = "none, flip, crop:N or flip,crop:N (default: ${DEFAULT-VALUE}).",
            defaultValue = "flip,crop:4")
    String augment = "flip,crop:4";

    @Option(
            names = "--no-shuffle",
            negatable = true,
            description =
                    "A new order each epoch; with --no-shuffle the data's own, which is path order for files of a folder"
                            + " (default: --shuffle).")
    boolean asGiven;

    @Option(
            names = "--seed",
            description = "Decides weights, order and augmentation (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    long seed = 1;

    TrainSettings trainer(String trainable, LossTerms terms) {
        return optimizer
                .settings(weightDecay)
                .withTrainable(trainable)
                .withTerms(terms)
                .withAverageDecay(0)
                .withSeed(seed);
    }

    OfflineSettings loop() {
        return new OfflineSettings(
                epochs,
                batchSize,
                asGiven ? OfflineSettings.Order.AS_GIVEN : OfflineSettings.Order.SHUFFLED,
                schedule,
                optimizer.learningRate(),
                Augmentation.parse(augment),
                seed);
    }

    /** What made a model, for its card. */
    Map<String, String> provenance(String command, List<String> arguments, double testAccuracy) {
        Map<String, String> facts = new TreeMap<>();
        // The parser gives all words of the line: run from the root they start with the command's name, run alone they
        // do not.
        boolean named = !arguments.isEmpty() && arguments.get(0).equals(command);
        String quoted = arguments.stream()
                .skip(named ? 1 : 0)
                .map(each -> each.contains(" ") ? "'" + each + "'" : each)
                .collect(Collectors.joining(" "));
        facts.put("command", "acclimate " + command + " " + quoted);
        facts.put("seed", String.valueOf(seed));
        if (!Double.isNaN(testAccuracy)) {
            facts.put("testAccuracy", String.valueOf(testAccuracy));
        }
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return facts;
    }
}
