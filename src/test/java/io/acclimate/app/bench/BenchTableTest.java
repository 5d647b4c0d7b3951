package io.acclimate.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.CliSchema;
import io.acclimate.app.terminal.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchTableTest {
    private final StringWriter out = new StringWriter();

    private BenchTable table(String only) {
        return new BenchTable(new PrintWriter(new StringWriter()), only);
    }

    private boolean report(BenchTable table) {
        table.print(new PrintWriter(out));
        return new BenchResult("serve", Map.of(), List.of(table.result())).holds();
    }

    private static BenchTable measured(BenchTable table, double serveCpu, double serveSpeed) {
        table.measure(BenchTable.DECODE, () -> new BenchCost(10, 100));
        table.measure(BenchTable.RUN, () -> new BenchCost(10, 100));
        table.measure(BenchTable.PASS_THROUGH, () -> new BenchCost(5, 100));
        table.measure(BenchTable.EXACTLY_ONCE, () -> new BenchCost(serveCpu, serveSpeed));
        table.measure(BenchTable.AT_LEAST_ONCE, () -> new BenchCost(20, 100));
        table.measure(BenchTable.PER_RECORD, () -> new BenchCost(100, 30));
        return table;
    }

    @Test
    void everyBarHoldsWhenServingIsCloseToItsLimit() {
        assertThat(report(measured(table(""), 50, 95))).isTrue();
        assertThat(out.toString())
                .contains("limit: the sum of the three alone")
                .contains("2.00   <= 2.0: ok")
                .doesNotContain("MISSED");
    }

    @Test
    void missedBarIsNamedAndTheReportFails() {
        assertThat(report(measured(table(""), 51, 95))).isFalse();
        assertThat(out.toString()).contains("<= 2.0: MISSED").contains(">= 3.0: ok");
    }

    @Test
    void bestPassOfEachPartCounts() {
        BenchTable table = measured(table(""), 80, 40);

        table.measure(BenchTable.EXACTLY_ONCE, () -> new BenchCost(50, 95));

        assertThat(report(table)).isTrue();
    }

    @Test
    void partsThatWereNotAskedForAreNotMeasuredAndHaveNoBars() {
        BenchTable table = table("decode");
        table.measure(BenchTable.DECODE, () -> new BenchCost(10, 100));
        table.measure(BenchTable.RUN, () -> {
            throw new IOException("measured all the same");
        });

        assertThat(report(table)).isTrue();
        assertThat(out.toString()).contains(BenchTable.DECODE).doesNotContain("limit");
    }

    @Test
    void failedMeasurementNamesItsPart() {
        assertThatThrownBy(() -> table("").measure(BenchTable.RUN, () -> {
                    throw new IOException("no model");
                }))
                .hasMessage("ONNX Runtime alone failed: no model");
    }

    @Test
    void resultForProgramsIsAsItsSchemaSays() {
        BenchResult serve = new BenchResult(
                "serve",
                Map.of("rounds", 1),
                List.of(measured(table(""), 51, 95).result()));
        BenchResult train = new BenchResult(
                "train",
                Map.of("rounds", 1),
                List.of(BenchTrainCommand.table(
                        "LENET",
                        Map.of(
                                BenchTrainCommand.OURS,
                                new BenchCost(10, 100),
                                BenchTrainCommand.DJL,
                                new BenchCost(10, 100),
                                "PyTorch 2",
                                new BenchCost(10, 110)))));

        for (BenchResult result : List.of(serve, train)) {
            String json = JsonOption.write(result.json(), true);
            assertThat(CliSchema.violations("bench", json)).isEmpty();
            assertThat(json).contains("\"held\" : false").contains("\"held\" : true");
        }
    }

    @Test
    void costTakesTheLeastCpuAndTheHighestRate() {
        assertThat(new BenchCost(10, 100).best(new BenchCost(8, 90))).isEqualTo(new BenchCost(8, 100));
    }
}
