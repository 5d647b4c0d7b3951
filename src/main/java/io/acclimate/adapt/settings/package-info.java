/**
 * What an operator can set of adaptation, with each default once, and the names under which a version's provenance records what was set.
 *
 * <p>Threads: any; settings are immutable.
 */
@NullMarked
package io.acclimate.adapt.settings;

import org.jspecify.annotations.NullMarked;
