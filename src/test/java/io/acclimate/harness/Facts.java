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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /**
     * A version that retention removed.
     *
     * @param active the version that was active then
     * @param newest the highest number of a version then
     */
    record Removed(Place at, String domain, long number, long active, long newest) {}

    /** The versions that were made, those that are kept of them, or both, in the order of domains and numbers. */
    record Chain(List<Version> made, List<Version> kept) {}

    /** A removed version has a record without a value under this documented key. */
    private static final Pattern VERSION_KEY = Pattern.compile("(.+)/v/(\\d+)");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Topics topics;
    final List<Sent> images = new ArrayList<>();
    final List<Sent> labels = new ArrayList<>();
    final List<Predicted> predictions = new ArrayList<>();
    final List<Dead> deadLetters = new ArrayList<>();
    final List<Batch> batches = new ArrayList<>();
    /** The records of the mini-batches, which the worker deletes after a while. */
    final List<ConsumerRecord<byte[], byte[]>> batchRecords = new ArrayList<>();

    final List<Trained> trained = new ArrayList<>();
    final List<Version> versions = new ArrayList<>();
    final List<Activated> activations = new ArrayList<>();
    final List<Removed> removed = new ArrayList<>();
    private final Map<String, Long> active = new HashMap<>();
    private long read;

    Facts(Topics topics) {
        this.topics = topics;
    }

    /** How many records were read; only grows. */
    long size() {
        return read;
    }

    /** Takes a record, and says of which part of the stream (a partition or a domain) it is, and from when. */
    Optional<Sign> add(ConsumerRecord<byte[], byte[]> record) {
        read++;
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
                batchRecords.add(record);
                return Optional.of(batch(at, MiniBatch.parseFrom(record.value())));
            } else if (record.topic().equals(topics.adaptationEvents())) {
                return event(at, JSON.readTree(record.value()));
            } else if (record.topic().equals(topics.modelVersions())) {
                if (record.value() == null) {
                    removed(at, new String(record.key(), StandardCharsets.UTF_8));
                } else {
                    version(ModelVersionRecord.parseFrom(record.value()));
                }
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

    private void removed(Place at, String key) {
        Matcher version = VERSION_KEY.matcher(key);
        if (!version.matches()) {
            throw new IllegalStateException(
                    "no version has the key of the record without a value at " + at + ": " + key);
        }
        String domain = version.group(1);
        removed.add(new Removed(
                at,
                domain,
                Long.parseLong(version.group(2)),
                active.getOrDefault(domain, 0L),
                versions.stream()
                        .filter(each -> each.domain().equals(domain))
                        .mapToLong(Version::number)
                        .max()
                        .orElse(0)));
    }

    /** What is known of versions now. Of a version that came before this reader, what was active then is not known, so it is left out. */
    Chain chain() {
        Set<String> gone = new HashSet<>();
        removed.forEach(each -> gone.add(each.domain() + "/" + each.number()));
        List<Version> made = versions.stream()
                .map(each -> new Version(each.domain(), each.number(), each.parent(), 0, each.digest()))
                .sorted(Comparator.comparing(Version::domain).thenComparing(Version::number))
                .toList();
        return new Chain(
                made,
                made.stream()
                        .filter(each -> !gone.contains(each.domain() + "/" + each.number()))
                        .toList());
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
