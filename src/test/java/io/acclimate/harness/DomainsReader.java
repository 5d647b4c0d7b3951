package io.acclimate.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.MiniBatch;
import io.acclimate.wire.v1.ModelVersionRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Reads what becomes of the labels and images of many domains, from committed records. One thread. */
final class DomainsReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Long> closedMillis = new HashMap<>();
    /** The longest time from the end of one of the domain's mini-batches until it was learnt from. */
    private final Map<String, Long> waits = new TreeMap<>();

    private final Map<String, Integer> learnt = new TreeMap<>();
    private final Map<String, Long> active = new TreeMap<>();
    private final Map<String, Long> predictedBy = new TreeMap<>();
    private final Map<String, Integer> deadLetters = new TreeMap<>();

    DomainsReader(String bootstrap, Topics topics) {
        this.topics = topics;
        this.consumer = Ledger.fromBeginning(
                bootstrap,
                List.of(
                        topics.miniBatches(),
                        topics.adaptationEvents(),
                        topics.modelVersions(),
                        topics.predictions(),
                        topics.deadLetters()));
    }

    /** Reads what has come meanwhile. */
    void read() throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.topic().equals(topics.miniBatches())) {
                MiniBatch batch = MiniBatch.parseFrom(record.value());
                closedMillis.put(
                        batch.getDomain() + "/" + batch.getSequence(),
                        batch.getClosedAt().getSeconds() * 1000
                                + batch.getClosedAt().getNanos() / 1_000_000);
            } else if (record.topic().equals(topics.adaptationEvents())) {
                event(JSON.readTree(record.value()), record.timestamp());
            } else if (record.topic().equals(topics.predictions())) {
                JsonNode json = JSON.readTree(record.value());
                predictedBy.put(
                        json.get("domain").asText(), json.path("modelVersion").asLong());
            } else if (record.topic().equals(topics.deadLetters())) {
                deadLetters.merge(
                        new String(
                                record.headers()
                                        .lastHeader("__acclimate.errors.reason")
                                        .value(),
                                StandardCharsets.UTF_8),
                        1,
                        Integer::sum);
            } else if (record.value() != null) {
                ModelVersionRecord version = ModelVersionRecord.parseFrom(record.value());
                if (version.hasActivation()) {
                    active.put(
                            version.getActivation().getDomain(),
                            version.getActivation().getNumber());
                }
            }
        }
    }

    private void event(JsonNode json, long millis) {
        JsonNode training = json.get("trained");
        if (training == null) {
            return;
        }
        String domain = json.get("domain").asText();
        learnt.merge(domain, training.path("samples").asInt(), Integer::sum);
        Long closed =
                closedMillis.remove(domain + "/" + training.path("miniBatch").asLong());
        if (closed != null) {
            waits.merge(domain, millis - closed, Math::max);
        }
    }

    /** Labels learnt from, by domain. */
    Map<String, Integer> learnt() {
        return learnt;
    }

    /** The longest wait of each domain in milliseconds, the shortest first. */
    List<Long> waitsMillis() {
        return waits.values().stream().sorted().toList();
    }

    /** How many domains have an active version of their own. */
    long adapted() {
        return active.values().stream().filter(number -> number > 0).count();
    }

    /** The version that answered last, by domain. */
    Map<String, Long> predictedBy() {
        return predictedBy;
    }

    Map<String, Integer> deadLetters() {
        return deadLetters;
    }

    long active(String domain) {
        return active.getOrDefault(domain, 0L);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
