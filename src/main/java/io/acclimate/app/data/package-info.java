/**
 * Data sets as training needs them: rows of the model's input with their classes.
 *
 * <p>Threads: the caller's.
 */
@NullMarked
package io.acclimate.app.data;

import org.jspecify.annotations.NullMarked;
