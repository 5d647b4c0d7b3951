package io.acclimate.app.demo;

import io.acclimate.app.terminal.Terminal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The demo in the terminal: a progress bar where there is one, a plain line every few seconds elsewhere. One thread. */
final class DemoScreen implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final DemoScore score;
    private final int images;
    private final boolean terminal = Terminal.present();
    private Optional<ProgressBar> bar = Optional.empty();
    private long lastNanos = System.nanoTime();
    private int lastPredicted;
    private double imagesPerSecond;

    DemoScreen(DemoScore score, int images) {
        this.score = score;
        this.images = images;
    }

    void say(String line) {
        System.out.println(line);
    }

    /** Draws what the score says now; may be called as often as one likes. */
    void show() {
        int predicted = score.predicted();
        double seconds = (System.nanoTime() - lastNanos) / 1e9;
        boolean due = seconds * 1e9 >= BETWEEN_LINES.toNanos() || (terminal && seconds >= 1);
        if (due) {
            imagesPerSecond = (predicted - lastPredicted) / seconds;
            lastPredicted = predicted;
            lastNanos = System.nanoTime();
        }
        if (terminal) {
            ProgressBar shown = bar.orElseGet(this::open);
            bar = Optional.of(shown);
            shown.stepTo(predicted);
            shown.setExtraMessage(state());
        } else if (due && predicted > 0) {
            System.out.printf(Locale.ROOT, "%,6d of %,d images  %s%n", predicted, images, state());
        }
    }

    private ProgressBar open() {
        return new ProgressBarBuilder()
                .setTaskName("demo")
                .setInitialMax(images)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .hideEta()
                .build();
    }

    private String state() {
        return String.format(
                Locale.ROOT,
                "v%d  adapted %s  source %s  %.0f images/s  p50 %s",
                score.version(),
                percent(score.rollingAdapted()),
                percent(score.rollingSource()),
                imagesPerSecond,
                score.latencyP50().isEmpty()
                        ? "-"
                        : String.format(
                                Locale.ROOT, "%.0f ms", score.latencyP50().getAsDouble()));
    }

    private static String percent(OptionalDouble share) {
        return share.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share.getAsDouble());
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
