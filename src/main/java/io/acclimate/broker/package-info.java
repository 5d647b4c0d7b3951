/** The embedded Kafka broker of demo, up and the tests. Owns the Kafka server. */
@NullMarked
package io.acclimate.broker;

import org.jspecify.annotations.NullMarked;
