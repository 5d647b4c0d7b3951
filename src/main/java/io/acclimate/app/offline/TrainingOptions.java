package io.acclimate.app.offline;

import io.acclimate.app.options.Checked;
import io.acclimate.app.options.Heading;
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
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The data, the settings and the output file of offline training, shared by {@code pretrain} and {@code fine-tune}. */
@Heading("Training")
final class TrainingOptions implements Checked {
    private static final TrainSettings TRAIN = TrainSettings.offline();
    private static final OfflineSettings LOOP = OfflineSettings.defaults();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "KIND:DIR",
            description = "The data to train on: " + DataSets.FORMS + ".")
    String data = "";

    @Option(names = "--out", required = true, paramLabel = "NAME.onnx", description = "The model file to write.")
    Path out = Path.of("model.onnx");

    @Option(names = "--epochs", description = "How often the data is read (default: ${DEFAULT-VALUE}).")
    int epochs = LOOP.epochs();

    @Option(names = "--batch-size", description = "Images of one step (default: ${DEFAULT-VALUE}).")
    int batchSize = LOOP.batchSize();

    @Mixin
    OptimizerOptions optimizer = new OptimizerOptions(TRAIN.optimizer());

    @Option(
            names = "--schedule",
            description = "How the learning rate changes from the first to the last step: ${COMPLETION-CANDIDATES}"
                    + " (default: ${DEFAULT-VALUE}).")
    OfflineSettings.Schedule schedule = LOOP.schedule();

    @Option(
            names = "--augment",
            paramLabel = "LIST",
            description =
                    "Random changes of each image: none, flip, crop:N or flip,crop:N (default: ${DEFAULT-VALUE}).",
            converter = Augmenting.class)
    Augmentation augment = LOOP.augmentation();

    @Option(
            names = "--no-shuffle",
            negatable = true,
            description =
                    "Keep the order of the data, which is path order for files of a folder. With --shuffle each epoch has"
                            + " a new order (default: --shuffle).")
    boolean asGiven = LOOP.shuffle() == OfflineSettings.Order.AS_GIVEN;

    @Option(
            names = "--seed",
            description = "Decides fresh weights, order and augmentation (default: ${DEFAULT-VALUE}).")
    long seed = LOOP.seed();

    TrainSettings trainer(String trainable, LossTerms terms) {
        return new TrainSettings(trainable, optimizer.settings(), terms, TRAIN.averageDecay(), seed);
    }

    @Override
    public void check() {
        var unused = loop();
    }

    OfflineSettings loop() {
        return new OfflineSettings(
                epochs,
                batchSize,
                asGiven ? OfflineSettings.Order.AS_GIVEN : OfflineSettings.Order.SHUFFLED,
                schedule,
                optimizer.settings().learningRate(),
                augment,
                seed);
    }

    static final class Augmenting implements ITypeConverter<Augmentation> {
        @Override
        public Augmentation convert(String text) {
            try {
                return Augmentation.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** The provenance of a model, for its card. */
    Map<String, String> provenance(String command, List<String> arguments, double testAccuracy) {
        Map<String, String> facts = new TreeMap<>();
        // The parser gives all words of the line. They begin with the command's name when it is run from the root, and
        // do not when it is run alone.
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
