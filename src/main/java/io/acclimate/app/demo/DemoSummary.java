package io.acclimate.app.demo;

import io.acclimate.app.terminal.Figures;
import io.acclimate.app.terminal.JsonOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The result of a demo run.
 *
 * @param missing images without a prediction
 * @param duplicates predictions beyond the first of an image
 * @param trainedSamples labelled samples that training used; the holdout is not among them
 * @param versions model versions that were served, the source model not counted
 * @param sourceAccuracy the accuracy of the frozen source model over the last half of the stream
 * @param adaptedAccuracy the accuracy of the predictions over the same half
 * @param labelToServedMillisP50 the median time from the last label of a mini-batch to the first prediction by its version
 */
record DemoSummary(
        String shift,
        long seed,
        long images,
        long predictions,
        long missing,
        long duplicates,
        long labels,
        long trainedSamples,
        long versions,
        long deadLetters,
        double sourceAccuracy,
        double adaptedAccuracy,
        double labelToServedMillisP50,
        double predictionLatencyMillisP50,
        double predictionLatencyMillisP99,
        double imagesPerSecond,
        double wallSeconds) {

    boolean complete() {
        return missing == 0 && duplicates == 0;
    }

    void write(Path file) throws IOException {
        Files.writeString(file, JsonOption.write(this, true) + "\n");
    }

    String text() {
        return String.format(
                Locale.ROOT,
                """

                %s, seed %d: the last half of the stream
                  source model   %7s
                  adapted        %7s   (%s)

                images           %,d sent, %,d predicted, %d missing, %d twice, %d dead letters
                labels           %,d sent, %,d trained on
                model versions   %d served
                label to served  %s
                latency          %s median, %s p99
                throughput       %.0f images/s, %.1f s in all""",
                shift,
                seed,
                Figures.percent(sourceAccuracy),
                Figures.percent(adaptedAccuracy),
                gain(),
                images,
                predictions,
                missing,
                duplicates,
                deadLetters,
                labels,
                trainedSamples,
                versions,
                Double.isFinite(labelToServedMillisP50)
                        ? Figures.millis(labelToServedMillisP50) + " (median)"
                        : "no version served",
                Figures.millis(predictionLatencyMillisP50),
                Figures.millis(predictionLatencyMillisP99),
                imagesPerSecond,
                wallSeconds);
    }

    private String gain() {
        double gain = adaptedAccuracy - sourceAccuracy;
        return Double.isFinite(gain) ? String.format(Locale.ROOT, "%+.1f points", 100 * gain) : "no images";
    }
}
