package io.acclimate.app.offline;

import io.acclimate.core.ClassNames;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.offline.OfflineTraining;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What offline training says to programs.
 *
 * @param accuracy on the test set after the last epoch; NaN without a test set
 */
record TrainingResult(String file, String card, List<String> classes, double accuracy, List<Epoch> epochs) {
    TrainingResult {
        classes = List.copyOf(classes);
        epochs = List.copyOf(epochs);
    }

    /** One pass over the data. */
    record Epoch(int epoch, double meanLoss, Map<String, Double> meanTerms, long skippedSteps, double accuracy) {
        Epoch {
            meanTerms = Map.copyOf(meanTerms);
        }

        private static Epoch of(OfflineTraining.Epoch epoch) {
            return new Epoch(
                    epoch.epoch(),
                    epoch.meanLoss(),
                    epoch.meanTerms(),
                    epoch.skipped(),
                    epoch.testAccuracy().orElse(Double.NaN));
        }
    }

    static TrainingResult of(Path file, ClassNames classes, List<OfflineTraining.Epoch> epochs) {
        List<Epoch> all = epochs.stream().map(Epoch::of).toList();
        return new TrainingResult(
                file.toString(),
                ModelCard.beside(file).toString(),
                classes.names(),
                all.get(all.size() - 1).accuracy(),
                all);
    }
}
