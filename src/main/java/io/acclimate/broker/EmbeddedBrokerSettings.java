package io.acclimate.broker;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the embedded broker keeps its data and listens.
 *
 * @param logDir keeps the broker's data; formatted when new
 * @param port the client port on localhost, 0 for a free one
 * @param overrides broker properties that replace the defaults, as more listeners
 */
public record EmbeddedBrokerSettings(Path logDir, int port, Map<String, String> overrides) {
    /** Kafka's usual client port. */
    public static final int DEFAULT_PORT = 9092;

    public EmbeddedBrokerSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is 0 to 65535, got " + port);
        }
        overrides = Map.copyOf(overrides);
    }

    public EmbeddedBrokerSettings(Path logDir, int port) {
        this(logDir, port, Map.of());
    }
}
