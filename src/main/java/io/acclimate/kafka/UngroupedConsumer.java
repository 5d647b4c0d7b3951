package io.acclimate.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Opens consumers for readers that choose their own offsets. {@link ClientProperties} says what is forced. */
public final class UngroupedConsumer {
    private UngroupedConsumer() {}

    /** Opens a consumer whose {@code own} properties override all others. */
    public static KafkaConsumer<byte[], byte[]> open(Map<String, Object> clientProps, Map<String, Object> own) {
        ClientProperties properties = ClientProperties.of(clientProps);
        own.forEach(properties::force);
        return properties.openReader();
    }
}
