package io.acclimate.app.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what {@code bench serve} measures: the best pass of each part, and the ratios of parts that have a bar. */
final class BenchTable {
    static final String DECODE = "decode alone";
    static final String RUN = "ONNX Runtime alone";
    static final String PASS_THROUGH = "Kafka pass-through alone";
    static final String EXACTLY_ONCE = "serve, exactly_once";
    static final String AT_LEAST_ONCE = "serve, at_least_once";
    static final String PER_RECORD = "per record (Kafka Streams)";

    private final PrintWriter err;
    private final String only;
    private final Map<String, BenchCost> costs = new LinkedHashMap<>();

    /** @param only what the names of the measured parts begin with; empty measures all parts, and only then are there bars */
    BenchTable(PrintWriter err, String only) {
        this.err = err;
        this.only = only;
    }

    interface Measurement {
        BenchCost take() throws Exception;
    }

    void measure(String name, Measurement measurement) {
        if (!name.startsWith(only)) {
            return;
        }
        try {
            BenchCost cost = measurement.take();
            err.printf("  %-40s %8.1f us CPU/image %9.0f images/s%n", name, cost.cpuMicros(), cost.imagesPerSecond());
            costs.merge(name, cost, BenchCost::best);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " was interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(name + " failed: " + e.getMessage(), e);
        }
    }

    /** What was measured; without ratios when only some parts were. */
    BenchResult.Table result() {
        return new BenchResult.Table("serve", costs, only.isEmpty() ? ratios() : List.of());
    }

    private List<BenchRatio> ratios() {
        return List.of(
                BenchRatio.atMost("CPU per image / limit", cpu(EXACTLY_ONCE) / limit(), 2.0),
                BenchRatio.atLeast("images/s / per record", speed(EXACTLY_ONCE) / speed(PER_RECORD), 3.0),
                BenchRatio.atLeast(
                        "images/s exactly / at least once", speed(EXACTLY_ONCE) / speed(AT_LEAST_ONCE), 0.8));
    }

    private double limit() {
        return cpu(DECODE) + cpu(RUN) + cpu(PASS_THROUGH);
    }

    void print(PrintWriter out) {
        out.printf("%-42s %16s %12s%n", "", "CPU us/image", "images/s");
        costs.forEach(
                (name, cost) -> out.printf("%-42s %16.1f %12.0f%n", name, cost.cpuMicros(), cost.imagesPerSecond()));
        if (only.isEmpty()) {
            out.printf("%-42s %16.1f%n%n", "limit: the sum of the three alone", limit());
            ratios().forEach(ratio -> ratio.print(out));
            out.printf("%-42s %16.2f%n", "CPU per record / serve", cpu(PER_RECORD) / cpu(EXACTLY_ONCE));
        }
        out.flush();
    }

    private double cpu(String name) {
        return cost(name).cpuMicros();
    }

    private double speed(String name) {
        return cost(name).imagesPerSecond();
    }

    private BenchCost cost(String name) {
        return Optional.ofNullable(costs.get(name)).orElseThrow();
    }
}
