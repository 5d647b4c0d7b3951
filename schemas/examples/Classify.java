import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;

/** Sends an image, prints its prediction, sends the right label: java -cp 'kafka-clients.jar:...' Classify.java BROKER IMAGE ID LABEL */
public class Classify {
    public static void main(String[] args) throws Exception {
        String broker = args[0], file = args[1], id = args[2], label = args[3];
        // A new group reads from the oldest prediction on. Without read_committed, Java reads what was aborted as well.
        Map<String, Object> reading = Map.of("bootstrap.servers", broker, "group.id", "classify-" + id,
                "auto.offset.reset", "earliest", "isolation.level", "read_committed");
        try (var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker, "max.request.size", 9_000_000), Serdes.String().serializer(), Serdes.ByteArray().serializer());
                var consumer = new KafkaConsumer<>(reading, Serdes.String().deserializer(), Serdes.String().deserializer())) {
            producer.send(new ProducerRecord<>("images", id, Files.readAllBytes(Path.of(file)))).get();
            consumer.subscribe(List.of("predictions"));
            Instant end = Instant.now().plusSeconds(60);
            for (boolean found = false; !found && Instant.now().isBefore(end); ) {
                for (var prediction : consumer.poll(Duration.ofSeconds(1))) {
                    if (id.equals(prediction.key())) {
                        System.out.println(prediction.value());
                        found = true;
                    }
                }
            }
            // The label needs no picture: the service finds the image that it served under this id.
            var labelled = new ProducerRecord<String, byte[]>("labels", id, null);
            labelled.headers().add("label", label.getBytes("UTF-8"));
            producer.send(labelled).get();
        }
    }
}
