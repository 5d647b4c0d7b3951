package io.acclimate.registry;

import io.acclimate.kafka.ClientProperties;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The consumers of this room: without a group, read_committed, never creating topics. */
final class Clients {
    private Clients() {}

    /** A consumer for what follows or reads a topic from one place on. */
    static Consumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String purpose) {
        return properties(clientProps, purpose).openReader();
    }

    /** A consumer for what reads pieces here and there. */
    static Consumer<byte[], byte[]> ofSinglePieces(Map<String, Object> clientProps, String purpose) {
        return properties(clientProps, purpose).forSinglePieces().openReader();
    }

    private static ClientProperties properties(Map<String, Object> clientProps, String purpose) {
        return ClientProperties.of(clientProps)
                .force(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024)
                .named("acclimate-registry-" + purpose);
    }
}
