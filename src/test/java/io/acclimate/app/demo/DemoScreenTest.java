package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DemoScreenTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();
    private final DemoScore score = new DemoScore(100);
    private final DemoScreen screen =
            new DemoScreen(score, 100, false, new PrintStream(printed, true, StandardCharsets.UTF_8), nanos::get);

    private void predicted(int image, int classIndex) {
        score.expect(image, 1, 0);
        score.prediction(new Prediction(
                new ImageId(DemoScore.id(image)),
                DomainId.DEFAULT,
                List.of(new ClassScore(classIndex, "class", 1)),
                2,
                new Coordinates("images", 0, image),
                Instant.EPOCH,
                Duration.ofMillis(8)));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void lineComesOnlyAfterFourSeconds() {
        predicted(0, 1);
        nanos.set(Duration.ofMillis(3_900).toNanos());

        screen.show();

        assertThat(text()).isEmpty();
    }

    @Test
    void lineSaysRateAndAccuraciesSinceTheLastOne() {
        for (int image = 0; image < 10; image++) {
            predicted(image, image < 5 ? 1 : 7);
        }
        nanos.set(Duration.ofSeconds(5).toNanos());

        screen.show();

        assertThat(text())
                .contains(
                        "    10 of 100 images", "adapted 50.0 %", "source model 0.0 %", "2 images/s", "median 8.0 ms");
    }

    @Test
    void whatIsWaitedForIsSaidBeforeTheFirstPrediction() {
        screen.stage(() -> "waiting for adapt");
        nanos.set(Duration.ofSeconds(5).toNanos());

        screen.show();
        screen.show();

        assertThat(text()).isEqualToIgnoringNewLines("waiting for adapt");
    }

    @Test
    void whatIsWaitedForIsSaidAfterTheLastPrediction() {
        for (int image = 0; image < 100; image++) {
            predicted(image, 1);
        }
        screen.stage(() -> "waiting until the last 12 labels are learnt from");
        nanos.set(Duration.ofSeconds(5).toNanos());

        screen.show();

        assertThat(text()).contains("100 of 100 images", "waiting until the last 12 labels are learnt from");
    }

    @Test
    void announcementsAreLines() {
        screen.say("ready");

        assertThat(text()).isEqualToIgnoringNewLines("ready");
    }
}
