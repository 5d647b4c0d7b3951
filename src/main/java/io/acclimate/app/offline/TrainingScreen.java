package io.acclimate.app.offline;

import io.acclimate.app.terminal.Figures;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.train.offline.OfflineTraining;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/** Shows offline training: its progress with the loss of each term, and a line for each epoch. */
final class TrainingScreen implements AutoCloseable {
    private final PrintWriter out;
    private Optional<ProgressView> view = Optional.empty();

    TrainingScreen(PrintWriter out) {
        this.out = out;
    }

    void onStep(OfflineTraining.Progress progress) {
        if (view.isEmpty()) {
            view = Optional.of(ProgressView.open("training steps", progress.steps(), out));
        }
        view.get().at(progress.step(), losses(progress));
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
                        ", test accuracy %s",
                        Figures.percent(epoch.testAccuracy().getAsDouble()))
                : "";
        String skipped = epoch.skipped() == 0 ? "" : ", " + epoch.skipped() + " steps skipped";
        out.println(String.format(
                Locale.ROOT,
                "epoch %d: mean loss %s%.4f%s%s",
                epoch.epoch(),
                terms(epoch),
                epoch.meanLoss(),
                accuracy,
                skipped));
        out.flush();
    }

    private static String terms(OfflineTraining.Epoch epoch) {
        StringBuilder text = new StringBuilder();
        epoch.meanTerms().forEach((term, loss) -> text.append(String.format(Locale.ROOT, "%s %.4f, ", term, loss)));
        return text.append("total ").toString();
    }

    @Override
    public void close() {
        view.ifPresent(ProgressView::close);
    }
}
