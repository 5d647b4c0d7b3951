package io.acclimate.app.bench;

import io.acclimate.app.bench.adapt.BenchAdaptCommand;
import picocli.CommandLine.Command;

/** {@code bench}: compares the speed of parts with their limits, as ratios within one run. */
@Command(
        name = "bench",
        description = "Measures parts of the service against their limits within one run.",
        subcommands = {BenchServeCommand.class, BenchTrainCommand.class, BenchAdaptCommand.class})
public final class BenchCommand {}
