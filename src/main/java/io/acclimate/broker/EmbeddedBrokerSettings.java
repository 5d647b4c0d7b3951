package io.acclimate.broker;

import java.nio.file.Path;

/**
 * Where the embedded broker keeps its data and listens.
 *
 * @param logDir keeps the broker's data; formatted when new
 * @param port the client port on localhost, 0 for a free one
 */
public record EmbeddedBrokerSettings(Path logDir, int port) {
    public EmbeddedBrokerSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is 0 to 65535, got " + port);
        }
    }
}
