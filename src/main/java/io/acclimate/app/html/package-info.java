/**
 * Pages that commands write to files: text as HTML, and plots as SVG.
 *
 * <p>In: text, which others may have written, and numbers. Out: parts of a page that needs no network and no script. Any thread.
 */
@NullMarked
package io.acclimate.app.html;

import org.jspecify.annotations.NullMarked;
