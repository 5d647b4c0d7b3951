package io.acclimate.adapt.worker;

import io.acclimate.kafka.CommitWatch;
import io.acclimate.telemetry.Telemetry;

/**
 * What watches a worker and never changes what it learns.
 *
 * @param commits of all partitions
 * @param hooks of a test; {@link RoundHooks#NONE} otherwise
 */
record Instruments(Telemetry telemetry, Meters meters, Failures failures, RoundHooks hooks, CommitWatch commits) {}
