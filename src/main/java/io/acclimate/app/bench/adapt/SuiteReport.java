package io.acclimate.app.bench.adapt;

import io.acclimate.app.terminal.JsonOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** All results of one run of the suite: rows of a table, and JSON. */
record SuiteReport(List<CellResult> cells) {
    SuiteReport {
        cells = List.copyOf(cells);
    }

    static final String HEAD = String.format(
            Locale.ROOT,
            "%-44s %7s %7s %7s %7s %7s %7s %6s %6s %7s %6s %6s %6s %6s %6s %6s %6s",
            "network stream quality labels",
            "preq.",
            "frozen",
            "target",
            "frozen",
            "source",
            "before",
            "ece",
            "raw",
            "worst",
            "first",
            "vers.",
            "rej.",
            "back",
            "reset",
            "again",
            "high");

    /** The results of one combination over all seeds. */
    record Group(String name, List<CellResult> seeds) {
        Group {
            seeds = List.copyOf(seeds);
        }

        double mean(ToDoubleFunction<CellResult> value) {
            return seeds.stream().mapToDouble(value).average().orElse(Double.NaN);
        }

        double worstWindow() {
            return seeds.stream().mapToDouble(CellResult::worstWindow).min().orElse(Double.NaN);
        }

        int divergedRounds() {
            return seeds.stream().mapToInt(CellResult::divergedRounds).max().orElse(0);
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-44s %7.4f %7.4f %7.4f %7.4f %7.4f %7.4f %6.3f %6.3f %+7.3f %6.0f %6.1f %6.1f %6.1f %6.1f %6.1f %6d",
                    name,
                    mean(CellResult::prequential),
                    mean(CellResult::frozenPrequential),
                    mean(CellResult::target),
                    mean(CellResult::frozenTarget),
                    mean(CellResult::source),
                    mean(CellResult::frozenSource),
                    mean(CellResult::calibrationError),
                    mean(CellResult::rawCalibrationError),
                    worstWindow(),
                    mean(CellResult::firstVersion),
                    mean(CellResult::versions),
                    mean(CellResult::rejections),
                    mean(CellResult::rollbacks),
                    mean(CellResult::resets),
                    mean(CellResult::restarts),
                    divergedRounds());
        }
    }

    List<Group> groups() {
        Map<String, List<CellResult>> groups = cells.stream()
                .collect(Collectors.groupingBy(CellResult::group, LinkedHashMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(each -> new Group(each.getKey(), each.getValue()))
                .toList();
    }

    void writeJson(Path file) throws IOException {
        Files.writeString(file, JsonOption.write(this, false) + "\n");
    }
}
