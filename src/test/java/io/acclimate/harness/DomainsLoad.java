package io.acclimate.harness;

import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends labels and images of many domains, in turn. One thread. */
final class DomainsLoad implements AutoCloseable {
    private static final int PICTURES = 2_000;

    private final Topics topics;
    private final LabelledImages data = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private final List<byte[]> pictures = IntStream.range(0, PICTURES)
            .mapToObj(i -> Png.encode(data.pixels(i)))
            .toList();
    private final KafkaProducer<byte[], byte[]> producer;

    DomainsLoad(String bootstrap, Topics topics) {
        this.topics = topics;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static String domain(int number) {
        return "camera-" + number;
    }

    /**
     * Sends the labels of each domain, one of each in turn. The domains have different pictures.
     *
     * @param perSecond of all domains together
     */
    void labels(int domains, int each, double perSecond) {
        long began = System.nanoTime();
        for (int label = 0; label < each; label++) {
            for (int domain = 0; domain < domains; domain++) {
                long number = (long) label * domains + domain;
                long due = began + (long) (number / perSecond * 1e9);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                label(domain(domain), label, (domain * 31 + label) % PICTURES);
            }
        }
        producer.flush();
    }

    private void label(String domain, int number, int picture) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.labels(), utf8(domain + "-" + number), pictures.get(picture));
        record.headers()
                .add("domain", utf8(domain))
                .add("label", utf8(data.classNames().name(data.label(picture))));
        var unused = producer.send(record);
    }

    /** Sends one image of each domain. */
    void images(int domains) {
        for (int domain = 0; domain < domains; domain++) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topics.images(), utf8("image-" + domain), pictures.get(domain % PICTURES));
            record.headers().add("domain", utf8(domain(domain)));
            var unused = producer.send(record);
        }
        producer.flush();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
