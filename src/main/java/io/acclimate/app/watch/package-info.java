/**
 * What the page and the web role watch: the feeds of predictions and events, and the versions of all domains.
 *
 * <p>Threads: each follower has a thread of its own.
 */
@NullMarked
package io.acclimate.app.watch;

import org.jspecify.annotations.NullMarked;
