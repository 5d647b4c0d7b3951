package io.acclimate.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens consumers for those who read from places of their own: in no group, read_committed, and never creating a topic. */
public final class UngroupedConsumer {
    private UngroupedConsumer() {}

    /** The reader's {@code own} properties go before all others. */
    public static KafkaConsumer<byte[], byte[]> open(Map<String, Object> clientProps, Map<String, Object> own) {
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.keySet().removeAll(List.of("group.id", "group.instance.id", "transactional.id"));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", false);
        properties.putAll(own);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
