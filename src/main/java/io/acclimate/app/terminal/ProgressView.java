package io.acclimate.app.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far long work is: a progress bar on a terminal, a plain line every few seconds elsewhere. Called by one thread. */
public final class ProgressView implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final String task;
    private final long total;
    private final PrintWriter out;
    private final Optional<ProgressBar> bar;
    private final long began = System.nanoTime();
    private long lastLine = began;

    private ProgressView(String task, long total, PrintWriter out, Optional<ProgressBar> bar) {
        this.task = task;
        this.total = total;
        this.out = out;
        this.bar = bar;
    }

    public static ProgressView open(String task, long total, PrintWriter out) {
        boolean terminal = Terminal.present();
        return new ProgressView(
                task,
                total,
                out,
                terminal
                        ? Optional.of(new ProgressBarBuilder()
                                .setTaskName(task)
                                .setInitialMax(total)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUpdateIntervalMillis(200)
                                .build())
                        : Optional.empty());
    }

    public void at(long done, String state) {
        bar.ifPresent(shown -> {
            shown.stepTo(done);
            shown.setExtraMessage(state);
        });
        long now = System.nanoTime();
        if (bar.isEmpty() && now - lastLine >= BETWEEN_LINES.toNanos()) {
            lastLine = now;
            out.printf(
                    Locale.ROOT, "%s: %,d of %,d, %.0f/s, %s%n", task, done, total, done * 1e9 / (now - began), state);
            out.flush();
        }
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
