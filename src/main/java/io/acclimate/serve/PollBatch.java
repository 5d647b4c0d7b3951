package io.acclimate.serve;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.infer.Lease;
import io.acclimate.infer.Scores;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.RecordTime;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one poll become predictions and dead letters, in the order of the records: decode, group by domain, infer in
 * inference batches, each on one lease. Works in windows, so that the tensors of a large poll batch never stand in memory at
 * once. One thread.
 */
final class PollBatch {
    static final String STAGE = "serve";
    /** Small enough that a row is still in the processor's cache when it is inferred, large enough to mix some domains. */
    private static final long WINDOW_BYTES = 2L << 20;

    private final Topics topics;
    private final ServedModels models;
    private final ImageDecoder decoder;
    private final InputSpec input;
    private final int topK;
    private final PredictionRecords records;
    private final Telemetry telemetry;
    private final Clock clock;
    private final int inferenceBatch;
    private final int window;

    private final Telemetry.Timer decodeTime;
    private final Telemetry.Timer runTime;
    private final Telemetry.Summary batchSize;
    private final Map<String, Telemetry.Timer> latencies = new HashMap<>();

    PollBatch(
            Topics topics,
            ServedModels models,
            ImageDecoder decoder,
            InputSpec input,
            ServeSettings settings,
            Telemetry telemetry,
            Clock clock) {
        this.topics = topics;
        this.models = models;
        this.decoder = decoder;
        this.input = input;
        this.topK = settings.topK();
        this.records = new PredictionRecords(topics.predictions(), settings.format());
        this.telemetry = telemetry;
        this.clock = clock;
        this.inferenceBatch = settings.inferenceBatch();
        long rows = WINDOW_BYTES / (input.row().elements() * 4);
        this.window = (int) Math.max(inferenceBatch, Math.min(rows, settings.maxPollRecords()));
        this.decodeTime = telemetry.timer(Meter.DECODE_TIME);
        this.runTime = telemetry.timer(Meter.RUN_TIME);
        this.batchSize = telemetry.summary(Meter.INFERENCE_BATCH_SIZE);
    }

    /** One record on its way. Exactly one of the two outcomes is set at the end. */
    private static final class Item {
        private final ConsumerRecord<byte[], byte[]> record;
        private final ImageId id;
        private final FloatTensor row;
        private @Nullable Prediction prediction;

        Item(ConsumerRecord<byte[], byte[]> record, ImageId id, FloatTensor row) {
            this.record = record;
            this.id = id;
            this.row = row;
        }
    }

    /** Hands the output to {@code sink} and says what it was. */
    Tally process(Iterable<ConsumerRecord<byte[], byte[]>> polled, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        Tally tally = new Tally();
        List<Object> order = new ArrayList<>();
        Map<DomainId, List<Item>> domains = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            order.add(read(record, domains, tally));
            if (order.size() == window) {
                flush(order, domains, tally, sink);
            }
        }
        flush(order, domains, tally, sink);
        return tally;
    }

    private void flush(
            List<Object> order,
            Map<DomainId, List<Item>> domains,
            Tally tally,
            Consumer<ProducerRecord<byte[], byte[]>> sink) {
        domains.forEach((domain, items) -> infer(domain, items, tally));
        for (Object each : order) {
            if (each instanceof Item item && item.prediction != null) {
                sink.accept(records.record(item.record, item.prediction));
            } else if (each instanceof Refused refused) {
                sink.accept(DeadLetters.record(topics.deadLetters(), refused.record, refused.refusal, STAGE));
            }
        }
        order.clear();
        domains.clear();
    }

    private record Refused(ConsumerRecord<byte[], byte[]> record, Refusal refusal) {}

    private Object read(ConsumerRecord<byte[], byte[]> record, Map<DomainId, List<Item>> domains, Tally tally) {
        Outcome<DomainId> domain = ContractHeaders.domain(record.headers());
        Outcome<Item> item = domain.then(ignored -> decode(record));
        if (item instanceof Outcome.Refused<Item> refused) {
            tally.refused(refused.refusal().reason());
            return new Refused(record, refused.refusal());
        }
        Item good = ((Outcome.Ok<Item>) item).value();
        domains.computeIfAbsent(((Outcome.Ok<DomainId>) domain).value(), key -> new ArrayList<>())
                .add(good);
        return good;
    }

    private Outcome<Item> decode(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return Outcome.refused(DeadLetterReason.NULL_VALUE, "the record has no value");
        }
        if (value.length == 0) {
            return Outcome.refused(DeadLetterReason.EMPTY_VALUE, "the value has no bytes");
        }
        return ContractHeaders.imageId(record.key(), coordinates(record))
                .then(id -> ContractHeaders.contentType(record.headers()).then(type -> {
                    long started = System.nanoTime();
                    Outcome<FloatTensor> row = decoder.toTensor(new Payload(Bytes.wrap(value), type), input);
                    decodeTime.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
                    return row.then(tensor -> Outcome.ok(new Item(record, id, tensor)));
                }));
    }

    private void infer(DomainId domain, List<Item> items, Tally tally) {
        Telemetry.Timer latency = latency(domain);
        for (int from = 0; from < items.size(); from += inferenceBatch) {
            List<Item> rows = items.subList(from, Math.min(items.size(), from + inferenceBatch));
            List<FloatTensor> tensors = new ArrayList<>(rows.size());
            rows.forEach(item -> tensors.add(item.row));
            FloatTensor batch = FloatTensor.stack(tensors);
            try (Lease lease = models.acquire(domain)) {
                long started = System.nanoTime();
                FloatTensor output = lease.run(batch);
                runTime.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
                batchSize.record(rows.size());
                long version = lease.version().number();
                Scores scores = new Scores(lease.card(), topK);
                long now = clock.millis();
                for (int i = 0; i < rows.size(); i++) {
                    Item item = rows.get(i);
                    long timestamp = RecordTime.millis(item.record.timestamp(), now);
                    Duration took = Duration.ofMillis(Math.max(0, now - timestamp));
                    item.prediction = new Prediction(
                            item.id,
                            domain,
                            scores.top(output, i),
                            version,
                            coordinates(item.record),
                            Instant.ofEpochMilli(timestamp),
                            took);
                    latency.record(took);
                }
                tally.predicted(new VersionId(domain, version), rows.size());
            }
        }
    }

    /** Domains are unbounded, handles are not kept for all of them. */
    private Telemetry.Timer latency(DomainId domain) {
        if (latencies.size() > Telemetry.MAX_DOMAINS) {
            latencies.clear();
        }
        return latencies.computeIfAbsent(domain.value(), name -> telemetry.timer(Meter.PREDICTION_LATENCY, name));
    }

    private static Coordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset());
    }
}
