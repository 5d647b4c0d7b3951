/**
 * The crash harness: real processes of the roles and of a broker, killed, paused, stopped and cut off under load by a seeded
 * plan, then checked by a reader that shares no code with them.
 *
 * <p>{@link io.acclimate.harness.Cluster} runs the processes, each role behind a {@link io.acclimate.harness.TcpProxy} of its
 * own; {@link io.acclimate.harness.Load} sends images and labels; {@link io.acclimate.harness.Plan} decides what breaks when;
 * {@link io.acclimate.harness.Ledger} reads what is committed on the topics, and {@link io.acclimate.harness.Checker} holds it
 * against the promise. {@link io.acclimate.harness.CrashHarnessIT} is the short form, {@link io.acclimate.harness.LongHarnessIT}
 * the long one. {@link io.acclimate.harness.QuorumIT} runs the roles on three brokers, and {@link
 * io.acclimate.harness.ThousandDomainsIT} on many domains.
 *
 * <p>Threads: the tests' own; ledger, load and proxies have theirs. Processes end with the test's JVM, whose pipe they read.
 */
@NullMarked
package io.acclimate.harness;

import org.jspecify.annotations.NullMarked;
