/**
 * Metrics, health, the versions API and the live page.
 *
 * <p>In: {@link io.acclimate.telemetry.Telemetry} and health checks of the roles in this process, a
 * {@link io.acclimate.web.VersionsApi} (what is known of versions, and where commands go), and a
 * {@link io.acclimate.web.LiveFeed} that the process fills. Out: HTTP/1.1, or only HTTPS once
 * {@link io.acclimate.web.Tls} is given.
 *
 * <pre>
 * GET  /metrics                           Prometheus text
 * GET  /health/live                       200 as long as the process answers
 * GET  /health/ready                      200 with remarks, or 503 with what each role waits for
 * GET  /api/versions                      domains with their active version
 * GET  /api/versions/{domain}             the newest versions of a domain, and the active one
 * POST /api/versions/{domain}/activate    {"version": n}; also /rollback, /pause, /resume without a body
 * GET  /api/live                          Server-Sent Events: a snapshot, then what is new, twice a second
 * GET  /                                  the live page; everything it needs comes from this process
 * </pre>
 *
 * <p>A process that follows no versions answers 404 to what begins with {@code /api/versions}, and says who does.
 *
 * <p>Reads are open to whoever can connect, which is this machine unless another host is bound on purpose. Writes need
 * {@code Authorization: Bearer TOKEN}: 403 when no token is configured or it is wrong, 401 when none is given, 413 beyond
 * 4 KiB, 400 for what cannot be read. A write is answered 202 with the command's id: the worker that owns the domain applies
 * commands one after another and answers among the adaptation events.
 *
 * <p>Threads: the HTTP server's; one daemon thread for each viewer of the feed, at most
 * {@value io.acclimate.web.LiveStreams#MAX_VIEWERS}. Checks and the VersionsApi are called from them, must not block, and must be
 * thread-safe. Owns: the HTTP library.
 */
@NullMarked
package io.acclimate.web;

import org.jspecify.annotations.NullMarked;
