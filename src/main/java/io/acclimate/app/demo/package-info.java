/**
 * The demo: every role in one process on bundled data, with a live score against the frozen source model.
 *
 * <p>In: a shift and a seed. Out: the live terminal and page, a summary on the terminal and as JSON, and an exit code that is 0 only
 * when every image got exactly one prediction. Ctrl-C closes the roles and the broker in order.
 *
 * <p>Threads: the replay runs on the main thread; the score takes predictions from the feed's thread.
 */
@NullMarked
package io.acclimate.app.demo;

import org.jspecify.annotations.NullMarked;
