package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSummaryGoldenTest {
    @TempDir
    Path folder;

    @Test
    void theSummaryFileHasTheseFields() throws Exception {
        Path file = folder.resolve("summary.json");

        new DemoSummary("invert", 1, 4, 5, 6, 7, 8, 9, 10, 11, 0.12, 0.13, 14.5, 15.5, 16.5, 17.5, 18.5).write(file);

        assertThat(Files.readString(file))
                .as("scripts that check a demo run read these fields of its summary")
                .isEqualToNormalizingNewlines("""
                        {
                          "shift" : "invert",
                          "seed" : 1,
                          "images" : 4,
                          "predictions" : 5,
                          "missing" : 6,
                          "duplicates" : 7,
                          "labels" : 8,
                          "trainedSamples" : 9,
                          "versions" : 10,
                          "deadLetters" : 11,
                          "sourceAccuracy" : 0.12,
                          "adaptedAccuracy" : 0.13,
                          "labelToServedMillisP50" : 14.5,
                          "predictionLatencyMillisP50" : 15.5,
                          "predictionLatencyMillisP99" : 16.5,
                          "imagesPerSecond" : 17.5,
                          "wallSeconds" : 18.5
                        }
                        """);
    }
}
