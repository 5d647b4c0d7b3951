/**
 * A domain's learning outside the service: {@link io.acclimate.adapt.trial.Trial} drives the worker of one domain as the
 * service drives it, without Kafka, so that a benchmark measures the code that serves.
 *
 * <p>In: mini-batches in order. Out: the events of each, and what is served in between. Threads: one user. Owns: the sessions
 * and trainers of its domain.
 */
@NullMarked
package io.acclimate.adapt.trial;

import org.jspecify.annotations.NullMarked;
