package io.acclimate.app.demo;

import io.acclimate.app.terminal.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the demo: a progress bar in a terminal, and a plain line every few seconds elsewhere. Called by one thread. */
final class DemoScreen implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final DemoScore score;
    private final int images;
    private final boolean terminal;
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private Optional<ProgressBar> bar = Optional.empty();
    private long lastNanos;
    private int lastPredicted;
    private double imagesPerSecond;

    DemoScreen(DemoScore score, int images) {
        this(score, images, Terminal.present(), System.out, System::nanoTime);
    }

    /** With {@code terminal} a progress bar is drawn, without it lines are printed to {@code out}. */
    DemoScreen(DemoScore score, int images, boolean terminal, PrintStream out, LongSupplier nanoTime) {
        this.score = score;
        this.images = images;
        this.terminal = terminal;
        this.out = out;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
    }

    void say(String line) {
        out.println(line);
    }

    /** Draws the score of this moment. Frequent calls cost nothing: a line is printed at most every few seconds. */
    void show() {
        int predicted = score.predicted();
        double seconds = (nanoTime.getAsLong() - lastNanos) / 1e9;
        boolean due = seconds * 1e9 >= BETWEEN_LINES.toNanos() || (terminal && seconds >= 1);
        if (due) {
            imagesPerSecond = (predicted - lastPredicted) / seconds;
            lastPredicted = predicted;
            lastNanos = nanoTime.getAsLong();
        }
        if (terminal) {
            ProgressBar shown = bar.orElseGet(this::open);
            bar = Optional.of(shown);
            shown.stepTo(predicted);
            shown.setExtraMessage(state());
        } else if (due && predicted > 0) {
            out.printf(Locale.ROOT, "%,6d of %,d images  %s%n", predicted, images, state());
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
