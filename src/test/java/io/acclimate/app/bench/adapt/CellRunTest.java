package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.dataset.Bundled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class CellRunTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void worstWindowIsTheOneFurthestBehind() {
        List<Integer> frozen = Collections.nCopies(40, 16);
        List<Integer> served = new java.util.ArrayList<>(Collections.nCopies(40, 20));
        Collections.fill(served.subList(10, 26), 8);

        assertThat(CellRun.worstWindow(served, frozen, 40 * 32)).isCloseTo(-0.25, within(1e-9));
    }

    @Test
    void worstWindowOfAShortCellIsAllOfIt() {
        assertThat(CellRun.worstWindow(List.of(30, 4), List.of(15, 2), 36)).isCloseTo(17 / 36.0, within(1e-9));
    }

    @Test
    void sameCellGivesTheSameResultAndBothReportsShowIt() throws Exception {
        CellResult once = run();
        CellResult again = run();
        SuiteReport report = new SuiteReport(List.of(once));
        Path json = folder.resolve("suite.json");
        Path html = folder.resolve("suite.html");

        report.writeJson(json);
        new SuitePage(report).write(html);

        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields("cpuSeconds")
                .isEqualTo(once);
        assertThat(once.served()).hasSize(3);
        assertThat(new ObjectMapper()
                        .readTree(json.toFile())
                        .at("/cells/0/labels")
                        .asInt())
                .isEqualTo(70);
        assertThat(Files.readString(html))
                .contains("bundled invert clean 70", "<svg")
                .doesNotContain("http");
    }

    private static CellResult run() throws Exception {
        Cell cell = new Cell("bundled", StreamPlan.parse("invert"), LabelQuality.CLEAN, 0, 70, 5);
        return new CellRun(cell, 10)
                .run(
                        ModelOptions.bundled(),
                        Optional.empty(),
                        Bundled.targetTest(),
                        100,
                        AdaptSettings.defaults(),
                        labels -> {});
    }
}
