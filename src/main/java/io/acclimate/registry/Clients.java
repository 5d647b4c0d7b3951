package io.acclimate.registry;

import io.acclimate.kafka.UngroupedConsumer;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** The consumers of this room: without a group, read_committed, never creating topics. */
final class Clients {
    private Clients() {}

    static Consumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String purpose) {
        return UngroupedConsumer.open(
                clientProps, Map.of("fetch.max.bytes", 8 * 1024 * 1024, "client.id", "acclimate-registry-" + purpose));
    }
}
