package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.CliSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSummaryTest {
    @TempDir
    Path folder;

    private static DemoSummary summary(long missing, long duplicates) {
        return new DemoSummary(
                "invert", 1, 8000, 8000, missing, duplicates, 4000, 3800, 12, 0, 0.19, 0.817, 297, 6, 188, 119, 73.7);
    }

    @Test
    void textSaysAccuraciesInPercentAndTheGainInPoints() {
        assertThat(summary(0, 0).text())
                .contains(
                        "invert, seed 1",
                        "source model    19.0 %",
                        "adapted         81.7 %   (+62.7 points)",
                        "8,000 sent, 8,000 predicted, 0 missing, 0 twice",
                        "6.0 ms median, 188 ms p99");
    }

    @Test
    void aFigureThatIsNotDefinedIsNeverNaN() throws Exception {
        double none = Double.NaN;
        DemoSummary summary =
                new DemoSummary("invert", 1, 1, 0, 1, 0, 0, 0, 0, 0, none, none, none, none, none, 0, 9.5);

        assertThat(summary.text())
                .contains("adapted              -   (no images)", "label to served  no version served")
                .doesNotContain("NaN");
        Path file = folder.resolve("summary.json");
        summary.write(file);
        assertThat(CliSchema.violations("demo", Files.readString(file))).isEmpty();
    }

    @Test
    void runIsCompleteOnlyWhenEachImageHasExactlyOnePrediction() {
        assertThat(summary(0, 0).complete()).isTrue();
        assertThat(summary(1, 0).complete()).isFalse();
        assertThat(summary(0, 1).complete()).isFalse();
    }
}
