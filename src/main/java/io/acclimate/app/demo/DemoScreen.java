package io.acclimate.app.demo;

import io.acclimate.app.terminal.Figures;
import io.acclimate.app.terminal.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows the demo: a progress bar in a terminal, and a plain line every few seconds elsewhere. While the demo starts or waits, the lines
 * say for what. A thread of its own keeps the lines coming while the demo's thread is busy, so each method holds the lock.
 */
final class DemoScreen implements AutoCloseable {
    /** Less than the five seconds that a reader is promised, because looks are half a second apart. */
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(4);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final DemoScore score;
    private final int images;
    private final boolean terminal;
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private Optional<ProgressBar> bar = Optional.empty();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "demo-screen");
        thread.setDaemon(true);
        return thread;
    });
    private Supplier<String> stage = () -> "";
    private boolean closed;
    private long lastNanos;
    private int lastPredicted;
    private double imagesPerSecond;

    DemoScreen(DemoScore score, int images, PrintStream out) {
        this(score, images, Terminal.present(), out, System::nanoTime);
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

    /** Shows from now on, whatever the demo's thread does, until {@link #close}. */
    void start() {
        var unused = looks.scheduleWithFixedDelay(
                this::show, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized void say(String line) {
        out.println(line);
        lastNanos = nanoTime.getAsLong();
    }

    /** Names what the demo does or waits for from now on; an empty text says nothing. */
    synchronized void stage(Supplier<String> what) {
        stage = what;
    }

    /** Draws the score of this moment. Frequent calls cost nothing: a line is printed at most every few seconds. */
    synchronized void show() {
        if (closed) {
            return;
        }
        int predicted = score.predicted();
        double seconds = (nanoTime.getAsLong() - lastNanos) / 1e9;
        boolean due = seconds * 1e9 >= BETWEEN_LINES.toNanos() || (terminal && seconds >= 1);
        if (due) {
            imagesPerSecond = (predicted - lastPredicted) / seconds;
            lastPredicted = predicted;
            lastNanos = nanoTime.getAsLong();
        }
        if (predicted == 0) {
            if (due && !stage.get().isEmpty()) {
                say(stage.get());
            }
        } else if (terminal) {
            ProgressBar shown = bar.orElseGet(this::open);
            bar = Optional.of(shown);
            shown.stepTo(predicted);
            shown.setExtraMessage(state());
        } else if (due) {
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
        String now = String.format(
                Locale.ROOT,
                "version %d  adapted %s  source model %s  %.0f images/s  median %s",
                score.version(),
                Figures.percent(score.rollingAdapted()),
                Figures.percent(score.rollingSource()),
                imagesPerSecond,
                Figures.millis(score.latencyP50().orElse(Double.NaN)));
        return stage.get().isEmpty() ? now : now + "  " + stage.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        looks.shutdownNow();
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
