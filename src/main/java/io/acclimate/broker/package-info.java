/**
 * The embedded Kafka broker of demo, up and the tests: a real server of {@code kafka_2.13} that is broker and KRaft
 * controller at once, listening on localhost only.
 *
 * <p>In: a data directory (formatted when it is new, gone on with when it is not) and a port. Out: bootstrap servers.
 * Threads: the server's own; start and close may be called from any thread, close waits until the logs are flushed.
 * Owns the Kafka server and the data directory while it runs.
 */
@NullMarked
package io.acclimate.broker;

import org.jspecify.annotations.NullMarked;
