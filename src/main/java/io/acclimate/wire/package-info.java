/** The contract's generated classes and codecs, topic names, headers, dead letters. Owns the Protobuf serdes. */
@NullMarked
package io.acclimate.wire;

import org.jspecify.annotations.NullMarked;
