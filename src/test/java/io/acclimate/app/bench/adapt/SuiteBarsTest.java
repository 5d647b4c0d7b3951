package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SuiteBarsTest {
    @Test
    void withoutABarNothingIsMissed() {
        assertThat(bars().missed(List.of(result(0.2, -0.9, 99)))).isEmpty();
    }

    @Test
    void eachBarThatACellMissesIsNamedWithItsFigure() {
        SuiteBars bars = bars("--most-behind=0.02", "--most-forgotten=0.08", "--most-diverged=2");

        assertThat(bars.missed(List.of(result(0.79, -0.03, 3))))
                .containsExactly(
                        "bundled invert clean 70 seed 5: 0.030 behind the source model, at most 0.02",
                        "bundled invert clean 70 seed 5: 0.110 of the source domain forgotten, at most 0.08",
                        "bundled invert clean 70 seed 5: loss above 3 times its start for 3 rounds in a row, at most 2");
        assertThat(bars.missed(List.of(result(0.85, -0.01, 2)))).isEmpty();
    }

    private static SuiteBars bars(String... options) {
        SuiteBars bars = new SuiteBars();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("bars", CommandLine.Model.CommandSpec.forAnnotatedObject(bars)))
                .parseArgs(options);
        return bars;
    }

    private static CellResult result(double source, double worstWindow, int divergedRounds) {
        return new CellResult(
                "bundled",
                "invert",
                "clean",
                70,
                5,
                0.5,
                0.2,
                0.6,
                0.2,
                source,
                0.9,
                0.1,
                0.05,
                worstWindow,
                32,
                3,
                1,
                0,
                0,
                0,
                List.of(),
                divergedRounds,
                1,
                List.of(),
                List.of());
    }
}
