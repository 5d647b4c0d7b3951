package io.acclimate.app.bench;

import io.acclimate.app.bench.adapt.BenchAdaptCommand;
import picocli.CommandLine.Command;

/** {@code bench}: the speed of parts against their limits, as ratios within one run. */
@Command(
        name = "bench",
        description = "Measures the parts against their limits within one run; machines differ, ratios less.",
        subcommands = {BenchServeCommand.class, BenchTrainCommand.class, BenchAdaptCommand.class})
public final class BenchCommand {}
