/**
 * Metrics, health, the versions API and the live page.
 *
 * <p>In: {@link io.acclimate.telemetry.Telemetry} and health checks of the roles in this process, a
 * {@link io.acclimate.web.VersionsApi}, and a {@link io.acclimate.web.LiveFeed} that the process fills. Out: HTTP/1.1, or only
 * HTTPS if {@link io.acclimate.web.Tls} is given.
 *
 * <pre>
 * GET  /metrics                           Prometheus text
 * GET  /health/live                       200 as long as the process answers
 * GET  /health/ready                      200 with remarks, or 503 with what each role waits for
 * GET  /api/versions                      domains with their active version
 * GET  /api/versions/{domain}             the newest versions of a domain, and the active one
 * POST /api/versions/{domain}/activate    {"version": n}, also /pin and /unpin; /rollback, /pause, /resume without a body
 * GET  /api/commands/{id}                 whether the worker has answered a command, and what
 * GET  /api/domains                       the domains that have events or versions
 * GET  /api/domains/{domain}              accuracy before training, label delay, suspicious labels, whether training is paused
 * GET  /api/domains/{domain}/versions     each version with its evidence, losses, calibration, provenance and how it served
 * GET  /api/domains/{domain}/losses       the losses by term of each round of training, and what changed the weights
 * GET  /api/domains/{domain}/answers      how the served model and the source model answered for the last labelled samples
 * GET  /api/dead-letters                  counts by stage and reason, and the newest with their previews
 * POST /api/dead-letters/{id}/resend      sends one to the topic that it came from
 * GET  /api/lag                           how many records each stage is behind
 * GET  /api/live?domain=                  Server-Sent Events: a snapshot, then what is new, twice a second; of one domain or of all
 * GET  /openapi.yaml                      describes these; /asyncapi.yaml describes the topics
 * GET  /                                  the live page; everything it needs comes from this process
 * </pre>
 *
 * <p>A process that follows no versions answers 404 to paths that begin with {@code /api/versions}, and says which role does.
 *
 * <p>Everybody who can connect may read. By default this is the local machine only. Writes need {@code Authorization: Bearer TOKEN}.
 * The answer is 403 if no token is configured or the token is wrong, 401 if none is given, 413 if the body exceeds 4 KiB, and 400 if
 * it cannot be read. A write is answered 202 with the command's id. The worker that owns the domain applies commands one after
 * another, and its answers are among the adaptation events.
 *
 * <p>Threads: those of the HTTP server, and one daemon thread for each viewer of the feed, at most
 * {@value io.acclimate.web.LiveStreams#MAX_VIEWERS}. They call the checks and the VersionsApi, which must not block and must be
 * thread-safe. Owns: the HTTP library.
 */
@NullMarked
package io.acclimate.web;

import org.jspecify.annotations.NullMarked;
