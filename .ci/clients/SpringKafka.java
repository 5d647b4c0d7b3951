import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.support.KafkaNull;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Sends an image under three keys, labels the first, and reads the three predictions, with Spring Kafka's template, message headers and
 * listener container. usage: SpringKafka BROKER IMAGE PREFIX LABEL
 */
public class SpringKafka {
    public static void main(String[] arguments) throws Exception {
        String broker = arguments[0];
        byte[] image = Files.readAllBytes(Path.of(arguments[1]));
        String label = arguments[3];
        List<String> keys = List.of(arguments[2] + "-1", arguments[2] + "-2", arguments[2] + "-3");
        var producers = new DefaultKafkaProducerFactory<String, byte[]>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new ByteArraySerializer());
        var template = new KafkaTemplate<>(producers);
        for (String key : keys) {
            template.send(MessageBuilder.withPayload(image)
                            .setHeader(KafkaHeaders.TOPIC, "images")
                            .setHeader(KafkaHeaders.KEY, key)
                            .setHeader("content-type", "image/png")
                            .build())
                    .get(60, TimeUnit.SECONDS);
        }
        template.send(MessageBuilder.withPayload(KafkaNull.INSTANCE)
                        .setHeader(KafkaHeaders.TOPIC, "labels")
                        .setHeader(KafkaHeaders.KEY, keys.get(0))
                        .setHeader("label", label)
                        .build())
                .get(60, TimeUnit.SECONDS);
        producers.destroy();

        var missing = ConcurrentHashMap.<String>newKeySet();
        missing.addAll(keys);
        var done = new CountDownLatch(1);
        var consumed = new HashMap<String, Object>();
        consumed.put("bootstrap.servers", broker);
        consumed.put("group.id", arguments[2]);
        consumed.put("auto.offset.reset", "earliest");
        consumed.put("isolation.level", "read_committed");
        var consumers =
                new DefaultKafkaConsumerFactory<>(consumed, new StringDeserializer(), new StringDeserializer());
        var container = new ContainerProperties("predictions");
        container.setMessageListener((MessageListener<String, String>) (ConsumerRecord<String, String> each) -> {
            if (each.value().contains("\"imageId\":\"" + each.key() + "\"") && missing.remove(each.key()) && missing.isEmpty()) {
                done.countDown();
            }
        });
        var listener = new KafkaMessageListenerContainer<>(consumers, container);
        listener.start();
        if (!done.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no prediction of " + missing);
        }
        listener.stop();
        System.out.println(keys.size() + " images predicted");
    }
}
