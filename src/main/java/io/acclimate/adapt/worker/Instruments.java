package io.acclimate.adapt.worker;

import io.acclimate.telemetry.Telemetry;

/**
 * What watches a worker and never changes what it learns.
 *
 * @param hooks of a test; {@link RoundHooks#NONE} otherwise
 */
record Instruments(Telemetry telemetry, Meters meters, Failures failures, RoundHooks hooks) {}
