/** Model versions, weights and the active pointer on Kafka: write, verify, follow, promote, roll back. */
@NullMarked
package io.acclimate.registry;

import org.jspecify.annotations.NullMarked;
