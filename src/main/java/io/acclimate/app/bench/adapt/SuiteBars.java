package io.acclimate.app.bench.adapt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the cells of a suite must hold. Each seed counts by itself. */
final class SuiteBars {
    @Option(
            names = "--most-behind",
            paramLabel = "X",
            description =
                    "Exit code 1 when what is served is further behind the source model than this over 512 images in a row"
                            + " (default: no bar).")
    Optional<Double> mostBehind = Optional.empty();

    @Option(
            names = "--most-forgotten",
            paramLabel = "X",
            description =
                    "Exit code 1 when what is served at the end is further behind the source model than this on images without"
                            + " a shift (default: no bar).")
    Optional<Double> mostForgotten = Optional.empty();

    @Option(
            names = "--most-diverged",
            paramLabel = "N",
            description =
                    "Exit code 1 when the loss is above " + LossWatch.TIMES
                            + " times its start, and above half of what guessing costs, for more rounds in a row than this (default: no bar).")
    Optional<Integer> mostDiverged = Optional.empty();

    /** Each bar that a cell misses, in a line. */
    List<String> missed(List<CellResult> cells) {
        List<String> missed = new ArrayList<>();
        for (CellResult cell : cells) {
            String name = cell.group() + " seed " + cell.seed();
            mostBehind
                    .filter(bar -> cell.worstWindow() < -bar)
                    .ifPresent(bar -> missed.add(
                            line("%s: %.3f behind the source model, at most %s", name, -cell.worstWindow(), bar)));
            double forgotten = cell.frozenSource() - cell.source();
            mostForgotten
                    .filter(bar -> forgotten > bar)
                    .ifPresent(bar -> missed.add(
                            line("%s: %.3f of the source domain forgotten, at most %s", name, forgotten, bar)));
            mostDiverged
                    .filter(bar -> cell.divergedRounds() > bar)
                    .ifPresent(bar -> missed.add(line(
                            "%s: loss above 3 times its start for %d rounds in a row, at most %s",
                            name, cell.divergedRounds(), bar)));
        }
        return missed;
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
