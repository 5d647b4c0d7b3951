/**
 * The meter catalogue and health answers.
 *
 * <p>In: what the rooms count and measure, through {@link io.acclimate.telemetry.Telemetry}, each under a name of
 * {@link io.acclimate.telemetry.Meter}. Out: one Prometheus text page, and {@link io.acclimate.telemetry.Health} values.
 *
 * <p>Threads: any. Owns: Micrometer; its types do not leave this room except the registry that is handed in. The binders of
 * Kafka clients and Kafka Streams are here because they are Micrometer's.
 *
 * <p>Laws that hold in every scrape once the pipeline is idle, and are asserted in tests:
 *
 * <ul>
 *   <li>images received = predictions + dead letters of stage serve + dropped + in flight
 *   <li>labels received = samples batched + dead letters of stage minibatch + buffered + pending
 *   <li>samples read by adapt = trained + held out + dead letters of stage adapt
 * </ul>
 */
@NullMarked
package io.acclimate.telemetry;

import org.jspecify.annotations.NullMarked;
