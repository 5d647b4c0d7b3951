/**
 * The meter catalogue and health answers.
 *
 * <p>In: the counts and measurements of the other rooms, through {@link io.acclimate.telemetry.Telemetry}, each under a name of
 * {@link io.acclimate.telemetry.Meter}. Out: one Prometheus text page,
 * the same meters and the spans of {@link io.acclimate.telemetry.Traces} by OTLP where a collector is named, and {@link io.acclimate.telemetry.Health} values.
 *
 * <p>Threads: any. Owns: Micrometer and OpenTelemetry. Their types do not leave this room, except for the registry that is passed in. The binders of
 * Kafka clients and Kafka Streams are in this room because they are Micrometer's.
 *
 * <p>These laws hold in every scrape once the pipeline is idle. Tests assert them.
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
