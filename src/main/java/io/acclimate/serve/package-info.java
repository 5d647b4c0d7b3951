/**
 * Answers every image record with exactly one prediction or one dead letter, and swaps model versions while it does so.
 *
 * <p>In: {@code images}, and the active versions from the registry. Out: {@code predictions} (in the image's partition, in its
 * order) and {@code dead-letters}, in one transaction with the offsets.
 *
 * <p>Threads: each worker has a consumer and a transactional producer of its own, and does all the work for its partitions.
 * Decoding and inference dominate the cost, so a hand-over between threads would only add a queue that a crash must account for.
 * The registry's follower builds, warms up and swaps sessions, and no prediction waits for it. A batch is what one poll returned;
 * serving does not wait for more, so an image that arrives alone is answered alone.
 *
 * <p>A row that the model cannot run, or to which it gives scores that are not finite, becomes a dead letter, and the rows beside it get
 * their predictions. After any other failure the transaction is aborted, and the records are read again after a pause, for as long as that
 * takes; the role is not ready meanwhile. A fenced worker opens new clients, and stops if that repeats. A commit that is not answered is
 * retried and never aborted.
 *
 * <p>Laws of its meters: {@code images.received = predictions + dead.letters{stage=serve} + images.in.flight + images.dropped}.
 *
 * <p>Owns the served sessions, and which of them answers for which domain.
 */
@NullMarked
package io.acclimate.serve;

import org.jspecify.annotations.NullMarked;
