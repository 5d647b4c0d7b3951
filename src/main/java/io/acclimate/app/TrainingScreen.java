package io.acclimate.app;

import io.acclimate.train.OfflineTraining;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows offline training: a progress bar on a terminal, plain lines elsewhere, and a line per epoch. */
final class TrainingScreen implements AutoCloseable {
    private final PrintWriter out;
    private final boolean terminal = isTerminal();
    private @Nullable ProgressBar bar;

    TrainingScreen(PrintWriter out) {
        this.out = out;
    }

    /** Since JDK 22 there is always a console, and it has to be asked. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    void onStep(OfflineTraining.Progress progress) {
        if (terminal) {
            ProgressBar shown = bar;
            if (shown == null) {
                shown = new ProgressBarBuilder()
                        .setTaskName("training")
                        .setInitialMax(progress.steps())
                        .build();
                bar = shown;
            }
            shown.stepTo(progress.step());
            shown.setExtraMessage(losses(progress));
        } else if (progress.step() % Math.max(1, progress.steps() / 20) == 0) {
            line(
                    "step %d of %d, epoch %d, learning rate %.5f, %s",
                    progress.step(), progress.steps(), progress.epoch(), progress.learningRate(), losses(progress));
        }
    }

    private static String losses(OfflineTraining.Progress progress) {
        StringBuilder text = new StringBuilder("loss");
        progress.report()
                .losses()
                .forEach((term, loss) -> text.append(String.format(Locale.ROOT, " %s %.4f", term, loss)));
        return text.append(progress.report().skipped() ? " skipped" : "").toString();
    }

    void onEpoch(OfflineTraining.Epoch epoch) {
        String accuracy = epoch.testAccuracy().isPresent()
                ? String.format(
                        Locale.ROOT,
                        ", test accuracy %.4f",
                        epoch.testAccuracy().getAsDouble())
                : "";
        line(
                "epoch %d: mean loss %.4f%s%s",
                epoch.epoch(),
                epoch.meanLoss(),
                accuracy,
                epoch.skipped() == 0 ? "" : ", " + epoch.skipped() + " steps skipped");
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
