/**
 * The poll, decode, infer, produce loop and the swap: every image record gets exactly one prediction or one dead letter.
 *
 * <p>In: {@code images}, and the active versions from the registry. Out: {@code predictions} (in the image's partition, in its
 * order) and {@code dead-letters}, in one transaction with the offsets.
 *
 * <p>Threads: each worker has a consumer and a transactional producer of its own, and does everything of its partitions: decode
 * and inference dominate, so a hand-over between threads would only add a queue that a crash must account for. The registry's
 * follower builds, warms up and swaps sessions; no prediction waits for it. Batches come from the poll, not from waiting: an
 * image that comes alone is answered alone.
 *
 * <p>After a failure the transaction is aborted and the records are read again. Fenced workers open new clients and stop when
 * that repeats. A commit without an answer is asked again, never aborted.
 *
 * <p>Laws of its meters: {@code images.received = predictions + dead.letters{stage=serve} + images.in.flight + images.dropped}.
 *
 * <p>Owns the served sessions, and which of them answers for which domain.
 */
@NullMarked
package io.acclimate.serve;

import org.jspecify.annotations.NullMarked;
