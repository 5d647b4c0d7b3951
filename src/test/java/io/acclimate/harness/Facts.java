package io.acclimate.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.LabelledSample;
import io.acclimate.wire.v1.MiniBatch;
import io.acclimate.wire.v1.ModelVersionRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What committed records say, decoded from the documented formats and by none of the service's codecs. One thread. */
final class Facts {
    /** Where a record stands. */
    record Place(String topic, int partition, long offset) {}

    /** An image or a label as it was sent. */
    record Sent(Place at, String id) {}

    record Predicted(Place at, Place input, String id, String domain, long version) {}

    record Dead(Place at, Place input, String stage, String reason) {}

    /** @param joined samples whose label came without bytes */
    record Batch(Place at, String domain, long sequence, List<Place> labels, int joined) {}

    record Trained(Place at, String domain, long miniBatch, int samples) {}

    /** @param active the version that was active when this one was written: both stand in one partition */
    record Version(String domain, long number, long parent, long active, String digest) {}

    record Activated(String domain, long number, long epoch) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Topics topics;
    final List<Sent> images = new ArrayList<>();
    final List<Sent> labels = new ArrayList<>();
    final List<Predicted> predictions = new ArrayList<>();
    final List<Dead> deadLetters = new ArrayList<>();
    final List<Batch> batches = new ArrayList<>();
    final List<Trained> trained = new ArrayList<>();
    final List<Version> versions = new ArrayList<>();
    final List<Activated> activations = new ArrayList<>();
    private final Map<String, Long> active = new HashMap<>();

    Facts(Topics topics) {
        this.topics = topics;
    }

    /** Takes a record, and says of which part of the stream (a partition or a domain) it is, and from when. */
    Optional<Sign> add(ConsumerRecord<byte[], byte[]> record) {
        Place at = new Place(record.topic(), record.partition(), record.offset());
        try {
            if (record.topic().equals(topics.images())) {
                images.add(new Sent(at, new String(record.key(), StandardCharsets.UTF_8)));
            } else if (record.topic().equals(topics.labels())) {
                // Labels without bytes have their image's id as key.
                labels.add(new Sent(at, header(record, "ce_id")));
            } else if (record.topic().equals(topics.deadLetters())) {
                deadLetters.add(dead(at, record));
            } else if (record.topic().equals(topics.predictions())) {
                return Optional.of(prediction(at, JSON.readTree(record.value())));
            } else if (record.topic().equals(topics.miniBatches())) {
                return Optional.of(batch(at, MiniBatch.parseFrom(record.value())));
            } else if (record.topic().equals(topics.adaptationEvents())) {
                return event(at, JSON.readTree(record.value()));
            } else if (record.topic().equals(topics.modelVersions())) {
                version(ModelVersionRecord.parseFrom(record.value()));
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("an unreadable record at " + at, e);
        }
    }

    /**
     * That a part of a stream is alive.
     *
     * @param part a partition or a domain
     * @param millis of its image, flush or training
     */
    record Sign(String topic, String part, long millis) {}

    private Sign prediction(Place at, JsonNode json) {
        JsonNode input = json.get("input");
        predictions.add(new Predicted(
                at,
                new Place(
                        input.get("topic").asText(),
                        input.path("partition").asInt(),
                        input.path("offset").asLong()),
                json.get("imageId").asText(),
                json.get("domain").asText(),
                json.path("modelVersion").asLong()));
        return new Sign(at.topic(), Integer.toString(at.partition()), millis(json.get("eventTime")));
    }

    private static long millis(JsonNode time) {
        return java.time.Instant.parse(time.asText()).toEpochMilli();
    }

    private Sign batch(Place at, MiniBatch batch) {
        List<Place> from = new ArrayList<>();
        int joined = 0;
        for (LabelledSample sample : batch.getSamplesList()) {
            joined += sample.getImageId().startsWith("image-") ? 1 : 0;
            from.add(new Place(
                    sample.getLabel().getTopic(),
                    sample.getLabel().getPartition(),
                    sample.getLabel().getOffset()));
        }
        batches.add(new Batch(at, batch.getDomain(), batch.getSequence(), from, joined));
        return new Sign(
                at.topic(),
                batch.getDomain(),
                batch.getClosedAt().getSeconds() * 1000 + batch.getClosedAt().getNanos() / 1_000_000);
    }

    private Optional<Sign> event(Place at, JsonNode json) {
        JsonNode training = json.get("trained");
        if (training == null) {
            return Optional.empty();
        }
        String domain = json.get("domain").asText();
        trained.add(new Trained(
                at,
                domain,
                training.path("miniBatch").asLong(),
                training.path("samples").asInt()));
        return Optional.of(new Sign(at.topic(), domain, millis(json.get("at"))));
    }

    private void version(ModelVersionRecord record) {
        if (record.hasVersion()) {
            var version = record.getVersion();
            versions.add(new Version(
                    version.getDomain(),
                    version.getNumber(),
                    version.getParent(),
                    active.getOrDefault(version.getDomain(), 0L),
                    version.getWeightsDigest()));
        } else {
            var activation = record.getActivation();
            activations.add(new Activated(activation.getDomain(), activation.getNumber(), activation.getEpoch()));
            active.put(activation.getDomain(), activation.getNumber());
        }
    }

    private static Dead dead(Place at, ConsumerRecord<byte[], byte[]> record) {
        return new Dead(
                at,
                new Place(
                        header(record, "__connect.errors.topic"),
                        Integer.parseInt(header(record, "__connect.errors.partition")),
                        Long.parseLong(header(record, "__connect.errors.offset"))),
                header(record, "__connect.errors.stage"),
                header(record, "__acclimate.errors.reason"));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw new IllegalStateException("a record without header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
