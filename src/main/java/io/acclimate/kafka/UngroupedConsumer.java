package io.acclimate.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Opens consumers for those who read from places of their own: in no group, read_committed, and never creating a topic. */
public final class UngroupedConsumer {
    private UngroupedConsumer() {}

    /** The reader's {@code own} properties go before all others. */
    public static KafkaConsumer<byte[], byte[]> open(Map<String, Object> clientProps, Map<String, Object> own) {
        ClientProperties properties = ClientProperties.of(clientProps);
        own.forEach(properties::force);
        return properties.openReader();
    }
}
